/** The operations of an OpenAPI document as the running gateway serves it: the fuzzer knows nothing else of the endpoints. */

export type Schema = Record<string, any>;

export interface Operation {
  id: string;
  method: string;
  /** With `{name}` for parameters. */
  path: string;
  keyed: boolean;
  parameters: { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Schema; explode?: boolean }[];
  body: Schema | null;
  /** Documented statuses, each with the codes that a problem of that status may have. `default` is left out. */
  answers: Map<number, { codes: Set<string>; types: Set<string> }>;
}

export interface OpenApi {
  operations: Operation[];
  resolve(schema: Schema): Schema;
}

export function readOpenApi(document: any): OpenApi {
  const resolve = (schema: Schema): Schema => {
    if (typeof schema.$ref !== 'string') return schema;
    const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
    if (!found) throw new Error(`${schema.$ref} leads nowhere.`);
    return found;
  };
  const operations = Object.entries<any>(document.paths).flatMap(([path, item]) =>
    Object.entries<any>(item).map(([method, operation]): Operation => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      keyed: operation.security.length > 0,
      parameters: operation.parameters,
      body: operation.requestBody?.content['application/json'].schema ?? null,
      answers: new Map(
        Object.entries<any>(operation.responses)
          .filter(([status]) => status !== 'default')
          .map(([status, answer]) => [Number(status), answerOf(answer)]),
      ),
    })),
  );
  return { operations, resolve };
}

function answerOf(answer: any): { codes: Set<string>; types: Set<string> } {
  const content = answer.content ?? {};
  const problem = content['application/problem+json']?.schema.allOf?.[1].properties.code.enum ?? [];
  return { codes: new Set(problem), types: new Set(Object.keys(content)) };
}
