import { forbiddenForms } from './forbidden-forms.js';

const update = (u: unknown, more: object = {}) => ({ updates: [{ q: { _id: 'a' }, u, ...more }] });
const NESTED = [[1]];

describe('forbidden forms are seen', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['transaction', 'insert', { documents: [{ _id: 'a' }], startTransaction: true, autocommit: false }],
    ['commit', 'commitTransaction', {}],
    ['w: 0', 'insert', { documents: [{ _id: 'a' }], writeConcern: { w: 0 } }],
    ['$push with $slice', 'update', update({ $push: { list: { $each: [1], $slice: -5 } } })],
    ['$push with $sort', 'update', update({ $push: { list: { $each: [1], $sort: 1 } } })],
    ['$push with $position', 'update', update({ $push: { list: { $each: [1], $position: 0 } } })],
    ['$pull with a condition', 'update', update({ $pull: { list: { k: 'b' } } })],
    ['$pull with an operator', 'update', update({ $pull: { list: { $gt: 4 } } })],
    ['$pullAll', 'update', update({ $pullAll: { list: [1] } })],
    ['positional $', 'update', update({ $set: { 'list.$.v': 1 } })],
    ['positional $[]', 'update', update({ $set: { 'list.$[].v': 1 } })],
    ['arrayFilters', 'update', update({ $set: { a: 1 } }, { arrayFilters: [{ x: 1 }] })],
    ['pipeline update', 'update', update([{ $set: { a: '$b' } }])],
    ['sort on update', 'update', update({ $set: { a: 1 } }, { sort: { a: 1 } })],
    ['$setOnInsert of null', 'update', update({ $setOnInsert: { a: null } }, { upsert: true })],
    ['$setOnInsert of []', 'update', update({ $setOnInsert: { a: [] } }, { upsert: true })],
    ['upsert with $and', 'update', { updates: [{ q: { $and: [{ a: 1 }] }, u: { $set: { b: 1 } }, upsert: true }] }],
    [
      'upsert with two operators',
      'update',
      { updates: [{ q: { exp: { $exists: true, $lt: 1 } }, u: { $set: { b: 1 } }, upsert: true }] },
    ],
    [
      'projection on findAndModify',
      'findAndModify',
      { query: { _id: 'a' }, update: { $set: { a: 1 } }, fields: { a: 1 } },
    ],
    [
      'a scan of a collection that grows',
      'update',
      { update: 'intents', updates: [{ q: { _id: 'a', n: 1 }, u: { $set: { b: 1 } } }] },
    ],
    [
      'the same by findAndModify',
      'findAndModify',
      { findAndModify: 'connections', query: { _id: 'a', n: 1 }, update: { $set: { b: 1 } } },
    ],
    ['the same by delete', 'delete', { delete: 'connections', deletes: [{ q: { n: 1 }, limit: 1 }] }],
    ['pipeline in findAndModify', 'findAndModify', { query: { _id: 'a' }, update: [{ $set: { a: 1 } }] }],
    ['change stream', 'aggregate', { pipeline: [{ $changeStream: {} }] }],
    ['$lookup', 'aggregate', { pipeline: [{ $lookup: { from: 'b' } }] }],
    ['field reference in $project', 'aggregate', { pipeline: [{ $project: { x: '$a' } }] }],
    ['$addFields', 'aggregate', { pipeline: [{ $addFields: { x: '$a' } }] }],
    ['field reference in a projection', 'find', { filter: {}, limit: 1, projection: { x: '$a' } }],
    ['find without a limit', 'find', { filter: { workspaceId: 'a' } }],
    ['tailable cursor', 'find', { filter: {}, limit: 1, tailable: true, awaitData: true }],
    ['$expr', 'find', { filter: { $expr: { $eq: ['$a', 1] } }, limit: 1 }],
    ['$where', 'find', { filter: { $or: [{ $where: 'x' }] }, limit: 1 }],
    ['$elemMatch on fields', 'find', { filter: { arr: { $elemMatch: { k: 1 } } }, limit: 1 }],
    ['look-around', 'find', { filter: { name: /(?=a)b/ }, limit: 1 }],
    ['collation', 'find', { filter: {}, limit: 1, collation: { locale: 'en' } }],
    ['TTL index', 'createIndexes', { indexes: [{ key: { at: 1 }, name: 'a', expireAfterSeconds: 5 }] }],
    ['partial index', 'createIndexes', { indexes: [{ key: { at: 1 }, name: 'a', partialFilterExpression: { a: 1 } }] }],
    ['sparse index', 'createIndexes', { indexes: [{ key: { at: 1 }, name: 'a', sparse: true }] }],
    ['text index', 'createIndexes', { indexes: [{ key: { at: 'text' }, name: 'a' }] }],
    [
      'two indexes in a call',
      'createIndexes',
      {
        indexes: [
          { key: { a: 1 }, name: 'a' },
          { key: { b: 1 }, name: 'b' },
        ],
      },
    ],
    ['capped collection', 'create', { capped: true, size: 5 }],
    ['validator', 'create', { validator: { $jsonSchema: {} } }],
    ['NaN', 'insert', { documents: [{ _id: 'a', n: Number.NaN }] }],
    ['Decimal128', 'insert', { documents: [{ _id: 'a', n: { _bsontype: 'Decimal128' } }] }],
    ['nested arrays', 'insert', { documents: [{ _id: 'a', list: NESTED }] }],
    ['a number as _id', 'insert', { documents: [{ _id: 5 }] }],
    [
      'more than 100 writes',
      'insert',
      { documents: Array.from({ length: 101 }, (_, index) => ({ _id: `a${index}` })) },
    ],
  ])('%s', (_name, commandName, command) => {
    expect(forbiddenForms(commandName, command)).not.toEqual([]);
  });
});

describe('allowed forms pass', () => {
  it.each<[string, string, Record<string, unknown>]>([
    [
      'insert',
      'insert',
      { documents: [{ _id: 'a', list: [{ b: 1 }], at: new Date() }], writeConcern: { w: 'majority' } },
    ],
    [
      'compare and set',
      'update',
      { updates: [{ q: { _id: 'a', revision: 1 }, u: { $set: { revision: 2, list: [1] } } }] },
    ],
    ['$pull of a value', 'update', update({ $pull: { list: 'b' } })],
    ['$push of values', 'update', update({ $push: { list: { $each: [1, 2] } } })],
    [
      'page',
      'find',
      { filter: { workspaceId: 'a', _id: { $gt: 'b' } }, sort: { _id: 1 }, limit: 51, maxTimeMS: 5_000 },
    ],
    [
      'aggregation',
      'aggregate',
      { pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }, { $limit: 5 }] },
    ],
    ['index', 'createIndexes', { indexes: [{ key: { a: 1 }, name: 'a_1', unique: true }] }],
  ])('%s', (_name, commandName, command) => {
    expect(forbiddenForms(commandName, command)).toEqual([]);
  });
});
