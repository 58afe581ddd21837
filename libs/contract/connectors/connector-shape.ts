/** What a connector offers, for people and forms: the public part of its manifest. */
import { z } from 'zod';

const FieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(['string', 'number', 'boolean', 'datetime', 'object', 'array']),
  required: z.boolean(),
  hint: z.string().optional(),
  picklist: z.string().optional(),
  words: z.array(z.string()).optional().describe('Words that a datetime field takes beside dates.'),
  pattern: z.string().optional().describe('Regular expression that a text must match.'),
  emptyClears: z
    .boolean()
    .optional()
    .describe('An empty value (null, an empty text) clears the field at the app. Absent: it counts as not given.'),
});

export const ConnectorSummarySchema = z
  .object({
    app: z.string(),
    name: z.string(),
    description: z.string(),
    documentationUrl: z.string(),
    authType: z.string(),
  })
  .meta({ id: 'ConnectorSummary' });

export const ConnectorSchema = ConnectorSummarySchema.extend({
  scopes: z.array(z.string()).describe('What a connection asks the user to agree to.'),
  settings: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      hint: z.string(),
      type: z.enum(['text', 'select']),
      required: z.boolean(),
      requiredWhen: z.object({ setting: z.string(), value: z.string() }).optional(),
      default: z.string().optional(),
      options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
      pattern: z.string().optional(),
    }),
  ),
  triggers: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      description: z.string(),
      input: z.array(FieldSchema),
      requirements: z.array(z.string()),
      pollIntervalMs: z.number(),
    }),
  ),
  actions: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      description: z.string(),
      input: z.array(FieldSchema),
      openInput: z.boolean(),
      output: z.array(FieldSchema),
      requirements: z.array(z.string()),
      idempotent: z.boolean(),
      keyLifeMs: z
        .number()
        .optional()
        .describe('Idempotent by a key that the app forgets after so long; absent: for ever, or not at all.'),
    }),
  ),
  picklists: z.array(z.object({ name: z.string(), label: z.string(), parameters: z.array(z.string()) })),
}).meta({ id: 'Connector' });
