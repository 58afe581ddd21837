/** The refresh activity: the rotation protocol over the real vault and the real token endpoint. */
import { Context } from '@temporalio/activity';
import { refreshToken } from '#auth/oauth2-authorization-code.js';
import { TokenFailure } from '#auth/token-failure.js';
import { HawserError } from '#domain/errors.js';
import type { RefreshInput, RefreshOutcome } from '#workflows/connection/activities.js';
import { frozenOf } from '#workflows/connection/frozen-of.js';
import { announceLate, MAY_BE_LATE_MS } from './announce-late.js';
import type { ConnectionActivityDeps } from './deps.js';
import { frozenGrant } from './frozen-grant.js';
import type { HandOff } from './hand-off.js';
import { oauthClientOf } from './oauth-client-of.js';
import { persistently } from './persistently.js';
import { projectAndTell } from './project.js';
import { refuseAfterReset } from './refuse-after-reset.js';
import { rotate, type Renewal, type RotationDeps } from './rotation.js';
import { readTokenAnswer } from './token-facts.js';
import { deadlineIn } from '../../deadline-in.js';
import { temporalNow } from '../../temporal-time.js';

/** A provider that has not answered by then is waited for without a slot. */
const HOLD_MS = 2_000;
/** Shorter than the heartbeat time-out: the answer to the question must not be older than the promise that hangs on it. */
const CONFIRM_WITHIN_MS = 3_000;

export async function refreshActivity(
  deps: ConnectionActivityDeps,
  input: RefreshInput,
  handOff: Pick<HandOff, 'run'>,
): Promise<RefreshOutcome> {
  refuseAfterReset(input);
  const startedAt = temporalNow();
  const { taskToken } = Context.current().info;
  let isOut = (): void => undefined;
  const release = new Promise<void>((resolve) => (isOut = () => void setTimeout(resolve, HOLD_MS).unref()));
  const announce = async (outcome: RefreshOutcome): Promise<void> => {
    if (outcome.kind === 'renewed') await announceLate(deps, input.state, outcome.version);
  };
  const outcome = await handOff.run({
    taskToken,
    work: renew(deps, input, { taskToken, isOut }),
    release,
    onUnwanted: announce,
  });
  if (temporalNow() - startedAt > MAY_BE_LATE_MS) await announce(outcome);
  return outcome;
}

async function renew(deps: ConnectionActivityDeps, input: RefreshInput, wire: Wire): Promise<RefreshOutcome> {
  const outcome = await rotate(rotationDeps(deps, input, wire), input);
  tell(deps, input, outcome);
  return projectAndTell(deps, input.state, outcome, (told) => ({ type: 'refreshed', outcome: told }));
}

interface Wire {
  taskToken: Uint8Array;
  isOut: () => void;
}

function rotationDeps(deps: ConnectionActivityDeps, input: RefreshInput, { taskToken, isOut }: Wire): RotationDeps {
  const { connectionId } = input.state;
  const { client, answerMs } = deps;
  return {
    vault: deps.vault,
    answerMs,
    // An acknowledged heartbeat: from here on the server waits for the heartbeat time-out before it begins another try.
    confirm: () => client.withDeadline(deadlineIn(CONFIRM_WITHIN_MS), () => client.activity.heartbeat(taskToken)),
    sendRefresh: (_input, base, { sendBefore, onSent }) =>
      sendRefresh(deps, input, base, {
        sendBefore,
        onSent: () => {
          isOut();
          onSent();
        },
      }),
    persistently: (operation) =>
      persistently(operation, (error) =>
        deps.logger.error({ connectionId, error }, 'A renewed credential cannot be stored yet; repeating.'),
      ),
    now: temporalNow,
    jitter: Math.random,
  };
}

async function sendRefresh(
  deps: ConnectionActivityDeps,
  input: RefreshInput,
  base: Renewal,
  wire: { sendBefore: number; onSent: () => void },
): Promise<Renewal> {
  const { state } = input;
  const { frozen, connector, ...call } = frozenGrant(deps, state.app, frozenOf(state, base.facts));
  const client = await clientOrFailure(deps, input, frozen.appClientId);
  const answer = await refreshToken({
    ...call,
    client,
    http: deps.http,
    refreshToken: base.secret.refreshToken ?? '',
    inHand: [base.secret.accessToken],
    sendBefore: wire.sendBefore,
    onSent: wire.onSent,
    timeoutMs: deps.answerMs,
    signal: Context.current().cancellationSignal,
  });
  return readTokenAnswer({
    connector,
    frozen,
    answer,
    version: input.version,
    grantId: base.facts.grantId,
    known: { refreshToken: base.secret.refreshToken, scopes: base.facts.scopes, instanceUrl: base.facts.instanceUrl },
    refreshed: true,
  });
}

/** A missing client or key is a judgement of the round, not a failure of the activity. */
async function clientOrFailure(deps: ConnectionActivityDeps, { state }: RefreshInput, appClientId: string | null) {
  try {
    return await oauthClientOf(deps, state.workspaceId, appClientId);
  } catch (error) {
    if (!(error instanceof HawserError) || error.class !== 'wait_for_operator') throw error;
    throw new TokenFailure({
      kind: 'client',
      code: error.code,
      message: error.detail,
      mayHaveBeenProcessed: false,
      evidence: { at: temporalNow() },
      cause: error,
    });
  }
}

function tell(deps: ConnectionActivityDeps, { state }: RefreshInput, outcome: RefreshOutcome): void {
  const facts = {
    workspaceId: state.workspaceId,
    connectionId: state.connectionId,
    app: state.app,
    version: outcome.version,
  };
  if (outcome.kind === 'renewed') deps.events.connectionRefreshed({ ...facts, adopted: outcome.adopted });
  else if (outcome.kind === 'ambiguous') deps.events.refreshAmbiguous(facts);
  else if (outcome.kind !== 'nothing')
    deps.events.refreshFailed({
      ...facts,
      code: outcome.code,
      ...(outcome.evidence && { evidence: outcome.evidence }),
    });
}
