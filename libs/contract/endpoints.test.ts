import { ERROR_CODES } from '#domain/errors.js';
import { errorsOf, pathOf } from './endpoint.js';
import { ENDPOINTS } from './endpoints.js';
import { getConnection } from './connections/get-connection.js';
import { RecipeInputSchema } from './recipes/recipe-shape.js';

test('operation ids, and methods with paths, are unique', () => {
  const ids = ENDPOINTS.map(({ operationId }) => operationId);
  const routes = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(routes).size).toBe(routes.length);
});

test('everything under /v1 needs a key, and nothing else does', () => {
  for (const { path, auth } of ENDPOINTS)
    expect([path, auth]).toEqual([path, path.startsWith('/v1/') ? 'key' : 'none']);
});

test('every code is one of the closed set', () => {
  for (const endpoint of ENDPOINTS) for (const code of errorsOf(endpoint)) expect(ERROR_CODES).toHaveProperty(code);
});

test('pathOf encodes, and names a parameter that is missing', () => {
  expect(pathOf(getConnection, { id: 'a/b c' })).toBe('/v1/connections/a%2Fb%20c');
  expect(() => pathOf(getConnection)).toThrow('"id"');
});

test('defaults of a recipe are filled in', () => {
  const recipe = RecipeInputSchema.parse({
    name: ' R ',
    definition: { trigger: { binding: 'a', operation: 't' }, steps: [{ id: 's', binding: 'a', operation: 'x' }] },
    bindings: { a: { app: 'zendesk' } },
  });
  expect(recipe).toMatchObject({
    name: 'R',
    definition: { concurrency: 5, trigger: { input: {} } },
    bindings: { a: { connectionId: null } },
  });
});
