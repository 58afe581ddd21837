/** Business events: one function each. A call writes one log line and counts. Facts are ids, codes and numbers, never secrets. */
import type { ErrorCode, Evidence } from '#domain/errors.js';
import { loggedEvidence } from './logged-evidence.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** What every event of a connection says. */
export interface ConnectionFacts {
  workspaceId: string;
  connectionId: string;
  app: string;
}

export interface JobFacts {
  workspaceId: string;
  recipeId: string;
  jobId: string;
}

export interface RecipeFacts {
  workspaceId: string;
  recipeId: string;
}

type Trouble = { code: ErrorCode; evidence?: Evidence };
type Level = 'info' | 'warn' | 'error';

/** The events that end a renewal. */
const RENEWAL_OUTCOME: Readonly<Record<string, string>> = {
  connection_refreshed: 'renewed',
  refresh_failed: 'failed',
  refresh_ambiguous: 'answer_lost',
};

export type Events = ReturnType<typeof createEvents>;

/** Makes the events of a process over its logger and its metrics. */
// oxlint-disable-next-line max-lines-per-function -- it is a table: one entry for each event
export function createEvents(logger: Logger, metrics: Metrics) {
  function event<Facts extends object>(name: string, level: Level, text: string): (facts: Facts) => void {
    return (facts) => {
      const { app, code } = facts as { app?: string; code?: string | null };
      metrics.events.inc({ event: name, app: app ?? '', code: code ?? '' });
      const outcome = RENEWAL_OUTCOME[name];
      if (outcome) metrics.renewals.inc({ app: app ?? '', outcome });
      // By code: the app's own words name people. They stay in the encrypted state.
      const { evidence } = facts as { evidence?: Evidence };
      const fields: Record<string, unknown> = {
        event: name,
        ...facts,
        ...(evidence ? { evidence: loggedEvidence(evidence) } : {}),
      };
      logger[level](fields, text);
    };
  }

  return {
    connectionCreated: event<ConnectionFacts>('connection_created', 'info', 'A connection was created.'),
    /** `connected` or `degraded` -> `invalid`: a human must reconnect. */
    connectionLost: event<ConnectionFacts & Trouble>(
      'connection_lost',
      'warn',
      'A connection was lost and needs a human.',
    ),
    connectionDegraded: event<ConnectionFacts & Trouble>(
      'connection_degraded',
      'warn',
      'A connection works for now, with a trouble.',
    ),
    connectionRecovered: event<ConnectionFacts & { wokenJobs?: number }>(
      'connection_recovered',
      'info',
      'A connection works again.',
    ),
    connectionDisconnected: event<ConnectionFacts>(
      'connection_disconnected',
      'info',
      'A connection was disconnected by a user.',
    ),
    connectionDeleted: event<ConnectionFacts>('connection_deleted', 'info', 'A connection was deleted.'),
    connectionRefreshed: event<ConnectionFacts & { version: number; adopted: boolean }>(
      'connection_refreshed',
      'info',
      'A credential was renewed.',
    ),
    refreshFailed: event<ConnectionFacts & Trouble & { version: number; retryAfterMs?: number }>(
      'refresh_failed',
      'warn',
      'A renewal failed.',
    ),
    /** The answer to a renewal was lost after the request may have reached the app. */
    refreshAmbiguous: event<ConnectionFacts & { version: number }>(
      'refresh_ambiguous',
      'warn',
      'The answer to a renewal was lost.',
    ),
    lateAnswerKept: event<ConnectionFacts & { version: number }>(
      'late_answer_kept',
      'info',
      'A late answer to a renewal was stored.',
    ),
    connectionVerified: event<ConnectionFacts & { version: number; accepted: boolean; missing: string[] }>(
      'connection_verified',
      'info',
      'A credential was verified at the app.',
    ),
    credentialDestroyed: event<ConnectionFacts & { fromVersion: number; toVersion: number; revoked: boolean }>(
      'credential_destroyed',
      'info',
      'Given-up credentials were destroyed.',
    ),
    actorRebuilt: event<ConnectionFacts & { generation: number }>(
      'actor_rebuilt',
      'warn',
      'A connection actor was started again from its projection.',
    ),
    attemptStarted: event<ConnectionFacts & { attemptId: string }>(
      'attempt_started',
      'info',
      'An attempt to authorize began.',
    ),
    attemptEnded: event<
      ConnectionFacts & { attemptId: string; outcome: string; code?: ErrorCode; evidence?: Evidence }
    >('attempt_ended', 'info', 'An attempt to authorize ended.'),
    callbackRefused: event<{ attemptId: string | null; code: ErrorCode }>(
      'callback_refused',
      'warn',
      'A callback was refused.',
    ),
    recipeStarted: event<RecipeFacts & { version: number }>('recipe_started', 'info', 'A recipe was started.'),
    recipeStopped: event<RecipeFacts>('recipe_stopped', 'info', 'A recipe was stopped.'),
    recipeParked: event<RecipeFacts & Trouble & { connectionId: string }>(
      'recipe_parked',
      'warn',
      'A recipe waits for a connection.',
    ),
    jobStarted: event<JobFacts>('job_started', 'info', 'A job was started.'),
    jobParked: event<JobFacts & Trouble & { connectionId: string; requirement?: string | null }>(
      'job_parked',
      'warn',
      'A job waits for a connection.',
    ),
    jobsWoken: event<ConnectionFacts & { count: number }>('jobs_woken', 'info', 'Waiting jobs were woken.'),
    jobEnded: event<
      JobFacts & { outcome: 'succeeded' | 'failed' | 'cancelled'; code?: ErrorCode; evidence?: Evidence }
    >('job_ended', 'info', 'A job ended.'),
    /** A key is missing, a sealed document is damaged, or the vault cannot be reached: an operator is needed. */
  };
}
