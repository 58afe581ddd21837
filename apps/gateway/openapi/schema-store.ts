/** zod -> JSON Schema (2020-12, which OpenAPI 3.1 takes as it is); schemas with an id become shared components. */
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

export interface SchemaStore {
  schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema;
  components(): Record<string, JsonSchema>;
}

export function createSchemaStore(): SchemaStore {
  const components: Record<string, JsonSchema> = {};
  return {
    schemaOf(schema, io) {
      const {
        $schema: _,
        $defs,
        ...json
      } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema & { $defs?: Record<string, JsonSchema> };
      for (const [id, definition] of Object.entries($defs ?? {}))
        components[id] = pointToComponents(definition) as JsonSchema;
      const { id } = json as { id?: string };
      if (id === undefined) return pointToComponents(json) as JsonSchema;
      components[id] = pointToComponents(json) as JsonSchema;
      return { $ref: `#/components/schemas/${id}` };
    },
    components: () => Object.fromEntries(Object.entries(components).sort(([a], [b]) => a.localeCompare(b))),
  };
}

/** `#/$defs/X` -> `#/components/schemas/X`; the ids themselves are dropped, since they are no URIs. */
function pointToComponents(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(pointToComponents);
  if (typeof node !== 'object' || node === null) return node;
  const { id, ...rest } = node as JsonSchema;
  const kept = typeof id === 'string' ? rest : (node as JsonSchema);
  return Object.fromEntries(
    Object.entries(kept).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string'
        ? value.replace('#/$defs/', '#/components/schemas/')
        : pointToComponents(value),
    ]),
  );
}
