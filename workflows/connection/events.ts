/** Everything that can happen to a connection. Each event carries its own time: transitions never read a clock. */
import type { Sender } from '#domain/lease.js';
import type { RefreshPolicy } from '#domain/refresh-policy.js';
import type { ExchangeOutcome, ReconcileOutcome, RefreshOutcome, RetireOutcome, VerifyOutcome } from './activities.js';

export type ConnectionEvent =
  | { type: 'authorizeAsked'; at: number; attemptId: string; expiresAt: number; by: Sender; policy?: RefreshPolicy }
  | { type: 'authorizeRequested'; at: number }
  | { type: 'attemptAnswered'; at: number; attemptId: string }
  | { type: 'attemptCancelled'; at: number; attemptId: string }
  | { type: 'attemptChecked'; at: number; attemptId: string; answered: boolean }
  | { type: 'exchangeStarted'; at: number }
  | { type: 'exchanged'; outcome: ExchangeOutcome; version: number }
  | { type: 'candidateDecided'; at: number; attemptId: string; accept: boolean }
  | { type: 'refreshWished'; at: number; by: Sender; rejectedVersion: number; adoptOnly: boolean }
  | {
      type: 'lateAnswer';
      at: number;
      version: number;
      /** Of a grant that is not the one in force. */
      attemptId?: string;
      /** Also where a renewal waits for it; not in runs of older builds. */
      atOnce?: boolean;
      /** A retirement that is under way does not account for it; not in runs of older builds. */
      stays?: boolean;
    }
  | { type: 'refreshStarted'; at: number }
  | { type: 'refreshed'; outcome: RefreshOutcome }
  | { type: 'verifyWished'; at: number; by: Sender; requirements: string[] }
  | { type: 'verifyStarted'; at: number }
  | { type: 'verified'; outcome: VerifyOutcome }
  | { type: 'used'; at: number }
  | { type: 'disconnectAsked'; at: number; by: Sender }
  | { type: 'deleteAsked'; at: number; by: Sender }
  /** `late`: the late answers that were known when the retirement began; absent = none. */
  | { type: 'retired'; outcome: RetireOutcome; late?: number }
  | {
      type: 'reconfigured';
      at: number;
      name?: string;
      settings?: Record<string, string>;
      appClientId?: string | null;
      /** What was set until now is kept for grants that have nothing frozen of their own; not in runs of older builds. */
      freezes?: boolean;
    }
  | {
      type: 'announced';
      at: number;
      sequence: number;
      /** What happened up to this number is in the event log; null = it could not be written. Absent = not known (older workers). */
      toldThrough?: number | null;
    }
  | { type: 'resetSeen'; revision: number }
  | { type: 'reconciled'; outcome: ReconcileOutcome }
  | { type: 'ticked'; at: number };
