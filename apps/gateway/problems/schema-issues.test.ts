import { z } from 'zod';
import { invalidRequest } from './schema-issues.js';

const Schema = z.strictObject({ name: z.string(), inner: z.strictObject({ 'a/b~c': z.number() }) });

function pointersOf(value: unknown) {
  const { error } = Schema.safeParse(value);
  const problem = invalidRequest('body', error!.issues);
  return { first: problem.options.pointer, all: problem.extensions.errors?.map(({ pointer }) => pointer) };
}

test('fields are named by JSON pointers, escaped (RFC 6901)', () => {
  expect(pointersOf({ name: 1, inner: { 'a/b~c': 'x' } })).toEqual({
    first: '/name',
    all: ['/name', '/inner/a~1b~0c'],
  });
});

test('each unknown field is named', () => {
  expect(pointersOf({ name: 'x', inner: { 'a/b~c': 1, d: 1, e: 2 } }).all).toEqual(['/inner/d', '/inner/e']);
});

test('a body that is none at all points to the whole', () => {
  expect(pointersOf(undefined).all).toEqual(['']);
});

test('what is named is bounded, whatever was sent', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field${index}`, 1]));
  const { error } = Schema.safeParse(many);
  expect(invalidRequest('body', error!.issues).extensions.errors?.length).toBeLessThanOrEqual(20);
});
