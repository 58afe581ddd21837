import { ENDPOINTS } from '#contract/endpoints.js';
import { errorsOf } from '#contract/endpoint.js';
import { HTTP_STATUS } from '../problems/status-table.js';
import { buildDocument } from './build-document.js';

const document = buildDocument('http://127.0.0.1:3000', '0.1.0');
type Operation = {
  operationId: string;
  security: unknown[];
  responses: Record<string, { description: string }>;
  parameters: { name: string; in: string }[];
};
const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);

test('every endpoint stands in it once', () => {
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
    ENDPOINTS.map(({ operationId }) => operationId).sort(),
  );
});

test.each(ENDPOINTS.map((endpoint) => [endpoint.operationId, endpoint] as const))(
  '%s names every error that it may answer with',
  (operationId, endpoint) => {
    const operation = operations.find((one) => one.operationId === operationId)!;
    for (const code of errorsOf(endpoint)) {
      const status = code === 'internal' ? 'default' : HTTP_STATUS[code];
      expect(operation.responses[status]?.description).toContain(`\`${code}\``);
    }
    for (const [status, when] of Object.entries(endpoint.pages ?? {})) {
      expect(operation.responses[status]).toMatchObject({
        description: expect.stringContaining(when),
        content: { 'text/html': {} },
      });
    }
    expect(operation.security).toEqual(endpoint.auth === 'key' ? [{ key: [] }] : []);
  },
);

test('every reference leads to a component, and no id is left over', () => {
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
    expect(document.components.schemas).toHaveProperty(name!);
  expect(text).not.toContain('#/$defs/');
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Connection', 'Recipe', 'Job', 'Problem', 'AppClient']),
  );
});

test('path parameters are declared', () => {
  for (const [path, item] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    for (const operation of Object.values(item) as Operation[]) {
      expect(operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(
        names,
      );
    }
  }
});
