/** What a connector does. It gets an authenticated caller as an argument and knows neither sockets nor secrets. */
import type { ErrorCode, Evidence } from '#domain/errors.js';
import type { MissingRequirement } from '#domain/grant.js';
import type { TriggerEvent } from '#domain/recipe.js';
import type { ConnectorManifest } from './manifest.js';

export interface AppRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the instance (`/services/data/…`) or an absolute URL of the same instance. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  json?: unknown;
  /** Sending it twice does no more than once. GET is always idempotent. */
  idempotent?: boolean;
  /** A description that comes whole or not at all: its answer may be longer than others. */
  longAnswer?: boolean;
  /** What the request needs; named when the app answers that a right is missing. */
  requirement?: string;
}

export interface AppResponse {
  status: number;
  headers: Record<string, string>;
  /** Parsed JSON, or null when the body is none. */
  json: unknown;
  text: string;
  /** When the answer was received (epoch ms). */
  at: number;
}

/** What an unhappy answer means; `ok` = it is a proper answer. */
export type Classification =
  | { kind: 'ok' }
  | {
      kind: 'error';
      code: ErrorCode;
      /** The app surely refused before it did anything: even a non-idempotent request may be sent again. */
      refusedBeforeProcessing: boolean;
      appCode?: string;
      appMessage?: string;
      /** What the app's words do not say: causes that look the same, the way on. Ours, in sentences; stands behind the app's words. */
      hint?: string;
      retryAfterMs?: number;
      requirement?: string;
    };

/** Facts of the connection that a connector may use. */
export interface ConnectionFacts {
  instanceUrl: string;
  settings: Record<string, string>;
  scopes: string[];
  accountId: string;
}

export interface AppContext extends ConnectionFacts {
  /** The clock of `AppResponse.at` (epoch ms); absent = this machine's. */
  now?: () => number;
  /** Sends an authenticated request. Throws HawserError by the classification; resolves for `ok` only. */
  call(request: AppRequest): Promise<AppResponse>;
  /** As `call`, but hands the answer over whatever its status is (transport failures still throw). */
  ask(request: AppRequest): Promise<AppResponse>;
}

export interface VerifyResult {
  /** The app accepts the credential. When it does not, only this field counts. */
  accepted: boolean;
  account: { id: string; label: string };
  instance: { id: string; url: string; label: string };
  missing: MissingRequirement[];
  satisfied: string[];
  /** What the app said when it did not accept the credential. */
  evidence?: Evidence;
}

export interface Trigger {
  /**
   * Reads what is behind the cursor (null: from the start that `input` names), at most `limit` events in order.
   * Stops a settle time before the app's own clock and re-reads its commit-lag overlap, so that equal stamps are neither lost nor repeated.
   * `sinceMs`: how long ago "from now on" began (a first poll may come late); default 0, counts for a null cursor only.
   * The cursor of a first poll must be kept even when it brings no event: else "since now" begins anew each time.
   * A record that alone is larger than an answer may be comes as an event that is `unread`.
   */
  poll(
    context: AppContext,
    input: Record<string, unknown>,
    cursor: string | null,
    limit: number,
    sinceMs?: number,
    wish?: PollWish,
  ): Promise<PolledEvents>;
  /** One record as it stands now, for an event that was too large to be carried. Throws `record_gone`, `answer_too_large`. */
  read?(
    context: AppContext,
    recordId: string,
    fields: readonly string[],
  ): Promise<Omit<PolledEvents, 'cursor' | 'more'>>;
}

export interface PollWish {
  /** What the recipe reads of an event: asked for first. */
  fields?: readonly string[];
  /** Where a null cursor begins, whatever the input says: a person has chosen it (epoch ms). */
  from?: 'now' | number;
}

export interface PolledEvents {
  events: TriggerEvent[];
  cursor: string;
  more: boolean;
  /** Which of the wished fields the events do not have, and why. */
  missing?: MissingField[];
}

export interface MissingField {
  field: string;
  /** A sentence with the cure. */
  text: string;
}

export interface Action {
  run(context: AppContext, input: Record<string, unknown>, stepKey: string): Promise<Record<string, unknown>>;
  /** Whether an earlier send with this input can be looked up at all; absent = always, when there is a `lookUp`. */
  canLookUp?(input: Record<string, unknown>): boolean;
  /**
   * Finds what an earlier, unanswered send has made; null = surely nothing; absent = cannot be told.
   * Throws `outcome_unknown` when it cannot be told for this input (no external id): asking again is useless.
   * `firstSentAt`: when the first send may have reached the app (epoch ms, another clock than the app's).
   * Of an idempotent action: what stands there, if it is already as this input wants it (`is-as-wished.ts`); null = send it (again).
   */
  lookUp?(
    context: AppContext,
    input: Record<string, unknown>,
    stepKey: string,
    firstSentAt?: number,
  ): Promise<Record<string, unknown> | null>;
}

export interface ObjectSummary {
  name: string;
  label: string;
  custom: boolean;
  createable: boolean;
  updateable: boolean;
}

export interface ObjectSchema extends ObjectSummary {
  fields: {
    name: string;
    label: string;
    type: string;
    required: boolean;
    custom: boolean;
    createable: boolean;
    updateable: boolean;
    picklist?: { value: string; label: string }[];
  }[];
}

export interface Connector {
  manifest: ConnectorManifest;
  /** Adds the access token to a request's headers. */
  authorize(headers: Record<string, string>, accessToken: string): Record<string, string>;
  /** Judges any answer of the API (never by status code alone; docs/decisions.md, "Errors are named by what happens next"). */
  classify(request: AppRequest, response: AppResponse): Classification;
  /** Reads extra facts from the raw token answer (Salesforce: instance_url); undefined = keep what is known. */
  tokenFacts(answer: Record<string, unknown>, settings: Record<string, string>): { instanceUrl?: string };
  /** Active proof: accepted or not, who it belongs to, which of the requirements are met. Other failures throw HawserError. */
  verify(context: AppContext, requirements: string[]): Promise<VerifyResult>;
  triggers: Record<string, Trigger>;
  actions: Record<string, Action>;
  objects(context: AppContext): Promise<ObjectSummary[]>;
  object(context: AppContext, name: string): Promise<ObjectSchema>;
  picklist(
    context: AppContext,
    name: string,
    parameters: Record<string, string>,
  ): Promise<{ value: string; label: string }[]>;
}
