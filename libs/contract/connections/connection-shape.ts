/** A connection as screens and callers see it: the actor's whole visible state, never a secret. */
import { z } from 'zod';
import { EvidenceSchema, MissingSchema, ReasonSchema, TimeSchema } from '../fields.js';
import { ErrorCodeSchema } from '../problem.js';

export const ConnectionStatusSchema = z.enum(['draft', 'connected', 'degraded', 'invalid', 'disconnected', 'deleted']);

const PartySchema = z.object({ id: z.string(), label: z.string() });
const InstanceSchema = z.object({ id: z.string(), url: z.string(), label: z.string() });

export const AttemptEndSchema = z.object({
  attemptId: z.string(),
  outcome: z
    .enum(['in_force', 'candidate', 'failed'])
    .describe('`candidate`: another user of the same instance has authorized, and a person must decide.'),
  code: ErrorCodeSchema.optional(),
  text: z.string().optional(),
  evidence: EvidenceSchema.optional(),
  missing: z.array(MissingSchema).optional(),
  at: TimeSchema,
});

const ProofSchema = z.object({
  count: z.int(),
  at: TimeSchema,
  accepted: z.boolean(),
  version: z.int(),
  missing: z.array(MissingSchema),
  satisfied: z.array(z.string()),
  code: ErrorCodeSchema.optional(),
  evidence: EvidenceSchema.optional(),
});

const ForecastSchema = z.object({
  accessTokenEnds: TimeSchema.nullable(),
  grantEnds: TimeSchema.nullable(),
  nextRefreshAt: TimeSchema.nullable(),
  text: z.string(),
});

export const ConnectionSchema = z
  .object({
    id: z.string(),
    app: z.string(),
    name: z.string(),
    createdAt: TimeSchema,
    status: ConnectionStatusSchema,
    since: TimeSchema,
    reason: ReasonSchema.nullable(),
    nextStep: z.string().describe('A sentence: what happens or is to be done next.'),
    settings: z.record(z.string(), z.string()),
    appClientId: z.string().nullable(),
    authorizedWith: z
      .object({ settings: z.record(z.string(), z.string()), appClientId: z.string().nullable() })
      .nullable()
      .describe('What the grant in force lives by: changed settings count from the next authorization on.'),
    account: PartySchema.nullable(),
    instance: InstanceSchema.nullable(),
    scopes: z.array(z.string()),
    consentedAt: TimeSchema.nullable(),
    version: z.int().describe('Version of the credential in force; 0 = none.'),
    obtainedAt: TimeSchema.nullable(),
    accessExpiresAt: TimeSchema.nullable(),
    proof: ProofSchema.nullable().describe('The last verification.'),
    verifyTrouble: z
      .object({ code: ErrorCodeSchema, at: TimeSchema, evidence: EvidenceSchema.optional() })
      .nullable()
      .describe('Why the last verification gave no proof (the app did not answer); null = it did.'),
    attempt: z
      .object({
        attemptId: z.string(),
        startedAt: TimeSchema,
        expiresAt: TimeSchema,
        phase: z.enum(['open', 'answered', 'exchanging']),
      })
      .nullable(),
    lastAttempt: AttemptEndSchema.nullable(),
    candidate: z
      .object({
        attemptId: z.string(),
        account: PartySchema,
        instance: InstanceSchema,
        scopes: z.array(z.string()),
        expiresAt: TimeSchema,
      })
      .nullable(),
    usedAt: TimeSchema.nullable(),
    settledAt: TimeSchema.nullable().describe(
      'After a disconnect: from this moment no request with the old credential can be under way.',
    ),
    refreshFailures: z.int(),
    refreshNotBefore: TimeSchema,
    forecast: ForecastSchema,
    generation: z.int(),
    revision: z.int(),
    parked: z
      .object({
        jobs: z.int(),
        recipes: z.int(),
        requirements: z.array(z.string()).describe('Rights that some of them wait for, such as `Account:read`.'),
      })
      .nullable()
      .describe('What waits for this connection; null when it could not be counted.'),
    stale: z.boolean().describe('True when the actor did not answer in time and its last projection is shown.'),
  })
  .meta({ id: 'Connection' });

export type ConnectionResponse = z.infer<typeof ConnectionSchema>;

export const AttemptSchema = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    status: z.enum(['open', 'opened', 'answered', 'closed']),
    createdAt: TimeSchema,
    expiresAt: TimeSchema,
    scopes: z.array(z.string()),
    answeredAt: TimeSchema.nullable(),
    end: AttemptEndSchema.nullable(),
  })
  .meta({ id: 'Attempt' });

/** What reading shows beside what every change answers. */
export const ConnectionInDetailSchema = ConnectionSchema.extend({
  warnings: z
    .array(z.object({ text: z.string(), connections: z.array(z.object({ id: z.string(), name: z.string() })) }))
    .optional()
    .describe('What endangers the connection, and the connections that have to do with it.'),
}).meta({ id: 'ConnectionInDetail' });
