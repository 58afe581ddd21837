/**
 * Which forms of a command the store may not use: what FerretDB refuses, or worse, does wrongly without an error
 * (docs/store-rules.md has the 18 rules). Pure; `watchCommands` applies it to what a client really sends.
 */

type Command = Record<string, unknown>;

const FORBIDDEN_COMMANDS = new Set([
  'mapReduce',
  'collMod',
  'bulkWrite',
  'commitTransaction',
  'abortTransaction',
  'createView',
  'validate',
]);
const AGGREGATION_STAGES = new Set(['$match', '$group', '$sort', '$skip', '$limit', '$count', '$unwind', '$project']);
const UPDATE_OPERATORS = new Set([
  '$set',
  '$unset',
  '$inc',
  '$mul',
  '$min',
  '$max',
  '$rename',
  '$currentDate',
  '$setOnInsert',
  '$push',
  '$pull',
  '$addToSet',
]);
const FORBIDDEN_FILTERS = [
  '$expr',
  '$text',
  '$where',
  '$jsonSchema',
  '$sampleRate',
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
];
const FORBIDDEN_INDEX_OPTIONS = [
  'expireAfterSeconds',
  'partialFilterExpression',
  'collation',
  'hidden',
  'sparse',
  'weights',
  'wildcardProjection',
];
const MAX_WRITES = 100;
/** Collections that grow with the number of connections and are written at each renewal, consent or creation. */
const FLAT_COLLECTIONS = new Set(['connections', 'intents', 'idempotency', 'closedattempts']);

/** One sentence per forbidden form in a command; empty = allowed. */
export function forbiddenForms(commandName: string, command: Command): string[] {
  return [
    ...commandForms(commandName, command),
    ...writeForms(command),
    ...scanForms(commandName, command),
    ...readForms(commandName, command),
    ...indexForms(commandName, command),
    ...collectionForms(commandName, command),
    ...valueForms(command),
  ].map((form) => `${commandName}: ${form}`);
}

function commandForms(name: string, command: Command): string[] {
  const found: string[] = [];
  if (FORBIDDEN_COMMANDS.has(name)) found.push('this command is not supported');
  if ('startTransaction' in command || 'autocommit' in command) found.push('transaction (rule 4)');
  if ((command['writeConcern'] as { w?: unknown } | undefined)?.w === 0) found.push('write concern w: 0');
  for (const option of ['collation', 'let', 'arrayFilters', 'noCursorTimeout', 'awaitData', 'tailable']) {
    if (command[option]) found.push(`option ${option}`);
  }
  return found;
}

function writeForms(command: Command): string[] {
  const updates = listOf(command['updates']);
  const documents = listOf(command['documents']);
  const deletes = listOf(command['deletes']);
  const found: string[] = [];
  if (Math.max(updates.length, documents.length, deletes.length) > MAX_WRITES)
    found.push(`more than ${MAX_WRITES} writes at once (rule 8)`);
  for (const update of updates)
    found.push(...updateForms(update['u'], update), ...filterForms(update['q'], Boolean(update['upsert'])));
  for (const { q, collation } of deletes)
    found.push(...filterForms(q, false), ...(collation ? ['option collation'] : []));
  return found;
}

/** Writes that read their whole collection: only one by `_id` alone is looked up (rule 2). */
function scanForms(name: string, command: Command): string[] {
  const collection = command[name];
  // `idempotency_2900`: that of a period.
  if (typeof collection !== 'string' || !FLAT_COLLECTIONS.has(collection.replace(/_\d+$/, ''))) return [];
  const filters = [...listOf(command['updates']), ...listOf(command['deletes'])].map(({ q }) => q);
  if (name === 'findAndModify') filters.push(command['query']);
  return filters
    .filter((filter) => Object.keys(filter ?? {}).join() !== '_id')
    .map(() => `a write to ${collection} by more than _id (rule 2)`);
}

function updateForms(change: unknown, update: Command): string[] {
  const found: string[] = [];
  if (Array.isArray(change)) return ['update by a pipeline (rule 3)'];
  for (const option of ['arrayFilters', 'sort', 'collation'])
    if (update[option]) found.push(`update option ${option} (rule 3)`);
  for (const [operator, fields] of Object.entries((change ?? {}) as Command)) {
    if (!operator.startsWith('$')) continue;
    if (!UPDATE_OPERATORS.has(operator)) found.push(`update operator ${operator}`);
    for (const [path, value] of Object.entries((fields ?? {}) as Command)) {
      if (path.split('.').some((part) => part.startsWith('$'))) found.push(`positional path ${path} (rule 3)`);
      if (operator === '$push' && hasKey(value, ['$slice', '$sort', '$position']))
        found.push('$push with a modifier (rule 3)');
      if (operator === '$pull' && value !== null && typeof value === 'object')
        found.push('$pull with a condition (rule 3)');
      if (operator === '$setOnInsert' && (value === null || (Array.isArray(value) && value.length === 0))) {
        found.push('$setOnInsert of null or [] (rule 10)');
      }
    }
  }
  return found;
}

function readForms(name: string, command: Command): string[] {
  const found: string[] = [];
  if (name === 'findAndModify') {
    if (command['fields']) found.push('projection on findAndModify (rule 5)');
    found.push(...updateForms(command['update'], {}), ...filterForms(command['query'], Boolean(command['upsert'])));
  }
  if (name === 'find' || name === 'count' || name === 'distinct')
    found.push(...filterForms(command['filter'] ?? command['query'], false));
  if (name === 'find') {
    if (hasKey(command['sort'], ['$natural'])) found.push('sort by $natural');
    if (!command['limit'] && !command['singleBatch']) found.push('find without a limit (rule 11)');
    found.push(...projectionForms(command['projection']));
  }
  if (name === 'aggregate') found.push(...pipelineForms(listOf(command['pipeline'])));
  return found;
}

function pipelineForms(pipeline: Command[]): string[] {
  return pipeline.flatMap((stage) => {
    const [name = ''] = Object.keys(stage);
    if (name === '$changeStream') return ['change stream (rule 4)'];
    if (!AGGREGATION_STAGES.has(name)) return [`aggregation stage ${name} (rule 12)`];
    if (name === '$match') return filterForms(stage[name], false);
    return name === '$project' ? projectionForms(stage[name]) : [];
  });
}

function projectionForms(projection: unknown): string[] {
  return Object.entries((projection ?? {}) as Command).flatMap(([field, value]) => {
    if (typeof value === 'string') return [`field reference in the projection of ${field} (rule 12)`];
    return value !== null && typeof value === 'object' ? [`operator in the projection of ${field}`] : [];
  });
}

function filterForms(filter: unknown, upsert: boolean): string[] {
  const found: string[] = [];
  if (upsert && hasKey(filter, ['$and'])) found.push('upsert with $and (rule 10)');
  walk(filter, (key, value) => {
    if (FORBIDDEN_FILTERS.includes(key)) found.push(`filter ${key}`);
    if (
      key === '$elemMatch' &&
      value !== null &&
      typeof value === 'object' &&
      Object.keys(value).some((name) => !name.startsWith('$'))
    ) {
      found.push('$elemMatch on fields (rule 14)');
    }
    if (upsert && !key.startsWith('$') && operatorCount(value) > 1)
      found.push(`upsert with two operators on ${key} (rule 10)`);
    if (value instanceof RegExp && /\(\?[=!<]/.test(value.source))
      found.push('regular expression with look-around (rule 14)');
  });
  return found;
}

function indexForms(name: string, command: Command): string[] {
  if (name !== 'createIndexes') return [];
  const indexes = listOf(command['indexes']);
  const found = indexes.length > 1 ? ['more than one index in a call (rule 9)'] : [];
  for (const index of indexes) {
    for (const option of FORBIDDEN_INDEX_OPTIONS)
      if (index[option] !== undefined) found.push(`index option ${option} (rule 9)`);
    for (const kind of Object.values((index['key'] ?? {}) as Command))
      if (typeof kind === 'string') found.push(`${kind} index (rule 9)`);
  }
  return found;
}

function collectionForms(name: string, command: Command): string[] {
  if (name !== 'create') return [];
  return ['capped', 'viewOn', 'validator', 'timeseries', 'collation', 'expireAfterSeconds']
    .filter((option) => command[option])
    .map((option) => `collection option ${option}`);
}

/** Values that break the connection or are refused (rules 1 and 13). */
function valueForms(command: Command): string[] {
  const found: string[] = [];
  walk(command, (key, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) found.push(`${key} is not a finite number (rule 13)`);
    const type = (value as { _bsontype?: string } | null)?._bsontype;
    if (type === 'Decimal128' || type === 'MinKey' || type === 'MaxKey' || type === 'Code')
      found.push(`${key} is of type ${type} (rule 13)`);
    if (Array.isArray(value) && value.some(Array.isArray))
      found.push(`${key} holds an array within an array (rule 13)`);
  });
  for (const document of listOf(command['documents'])) {
    const id = document['_id'];
    if (typeof id !== 'string' && (id as { _bsontype?: string } | undefined)?._bsontype !== 'ObjectId')
      found.push('_id is no text (rule 1)');
  }
  return found;
}

function walk(value: unknown, visit: (key: string, value: unknown) => void): void {
  if (
    value === null ||
    typeof value !== 'object' ||
    value instanceof RegExp ||
    ArrayBuffer.isView(value) ||
    '_bsontype' in value
  )
    return;
  for (const [key, item] of Object.entries(value)) {
    visit(key, item);
    walk(item, visit);
  }
}

function operatorCount(value: unknown): number {
  return value !== null && typeof value === 'object'
    ? Object.keys(value).filter((key) => key.startsWith('$')).length
    : 0;
}

function hasKey(value: unknown, keys: string[]): boolean {
  return value !== null && typeof value === 'object' && keys.some((key) => key in value);
}

function listOf(value: unknown): Command[] {
  return Array.isArray(value) ? (value as Command[]) : [];
}
