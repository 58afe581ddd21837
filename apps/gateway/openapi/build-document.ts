/** OpenAPI 3.1 from the contract files: every endpoint with every error that it may answer with. */
import { z } from 'zod';
import { ENDPOINTS } from '#contract/endpoints.js';
import { errorsOf, type EndpointSpec } from '#contract/endpoint.js';
import { ProblemSchema } from '#contract/problem.js';
import { ERROR_CODES, type ErrorCode } from '#domain/errors.js';
import { HTTP_STATUS } from '../problems/status-table.js';
import { createSchemaStore, type JsonSchema, type SchemaStore } from './schema-store.js';

export interface OpenApiDocument {
  openapi: string;
  info: Record<string, unknown>;
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, unknown> };
}

export function buildDocument(publicUrl: string, version: string): OpenApiDocument {
  const store = createSchemaStore();
  const problem = store.schemaOf(ProblemSchema, 'output');
  const paths: OpenApiDocument['paths'] = {};
  for (const endpoint of ENDPOINTS) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint, store, problem) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hawser',
      version,
      description:
        'Keeps app connections alive. All times are epoch milliseconds. Errors are RFC 9457 problem documents whose `code` is one of a closed set.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(ENDPOINTS.map((endpoint) => endpoint.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: store.components(),
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: `hk_...`' } },
    },
  };
}

function operationOf(endpoint: EndpointSpec, store: SchemaStore, problem: JsonSchema): Record<string, unknown> {
  return {
    operationId: endpoint.operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    security: endpoint.auth === 'key' ? [{ key: [] }] : [],
    parameters: parametersOf(endpoint, store),
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: !endpoint.body.safeParse(undefined).success,
            content: { 'application/json': { schema: store.schemaOf(endpoint.body, 'input') } },
          },
        }),
    responses: { [endpoint.status]: happyAnswer(endpoint, store), ...refusals(endpoint, problem) },
  };
}

/** A fault of ours is no answer to count on: it stands in the document as "everything else". */
const EVERYTHING_ELSE: ErrorCode = 'internal';

function happyAnswer(endpoint: EndpointSpec, store: SchemaStore): Record<string, unknown> {
  if (endpoint.produces === 'text/html' || endpoint.produces === 'text/event-stream')
    return { description: endpoint.summary, content: { [endpoint.produces]: { schema: { type: 'string' } } } };
  if (!endpoint.response) return { description: 'Done.' };
  return {
    description: endpoint.summary,
    content: { 'application/json': { schema: store.schemaOf(endpoint.response, 'output') } },
  };
}

/** One entry per status; its description names each code and what it means. */
function refusals(endpoint: EndpointSpec, problem: JsonSchema): Record<string, unknown> {
  const byStatus = new Map<string, ErrorCode[]>();
  for (const code of errorsOf(endpoint)) {
    const status = code === EVERYTHING_ELSE ? 'default' : String(HTTP_STATUS[code]);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const pages = endpoint.pages ?? {};
  const statuses = [...new Set([...byStatus.keys(), ...Object.keys(pages)])].sort();
  return Object.fromEntries(
    statuses.map((status) => [status, refusal(byStatus.get(status) ?? [], pages[Number(status)], problem)]),
  );
}

function refusal(codes: ErrorCode[], page: string | undefined, problem: JsonSchema): Record<string, unknown> {
  const told = codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].text}`);
  const document = { schema: { allOf: [problem, { type: 'object', properties: { code: { enum: codes } } }] } };
  return {
    description: [...(page === undefined ? [] : [page]), ...told].join('\n\n'),
    content: {
      ...(page === undefined ? {} : { 'text/html': { schema: { type: 'string' } } }),
      ...(codes.length === 0 ? {} : { 'application/problem+json': document }),
    },
  };
}

function parametersOf(endpoint: EndpointSpec, store: SchemaStore): Record<string, unknown>[] {
  const parameters: Record<string, unknown>[] = [];
  for (const [schema, place] of [
    [endpoint.params, 'path'],
    [endpoint.query, 'query'],
  ] as const) {
    if (!schema) continue;
    const json = store.schemaOf(schema, 'input') as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
      additionalProperties?: JsonSchema;
    };
    for (const [name, field] of Object.entries(json.properties ?? {})) {
      parameters.push({
        name,
        in: place,
        required: place === 'path' || (json.required ?? []).includes(name),
        schema: field,
      });
    }
    // A free set of query parameters, such as those of a picklist.
    if (!json.properties && json.additionalProperties)
      parameters.push({ name: 'parameters', in: place, required: false, style: 'form', explode: true, schema: json });
  }
  if (endpoint.idempotent)
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      schema: z.toJSONSchema(z.string().min(1).max(200)),
    });
  return parameters;
}
