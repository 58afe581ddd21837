import { ERROR_CODES, errorClass, type ErrorCode } from '#domain/errors.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import type { RecipeState } from '#workflows/recipe/messages.js';
import type { Check } from '../check.js';
import { problem, type Finding } from '../finding.js';

/** Why a connection waits for an operator; null when it does not. Pure. */
export function operatorCodeOf({ reason, verify, lastAttempt, status }: ConnectionState): ErrorCode | null {
  const attempt = status === 'draft' || status === 'invalid' ? lastAttempt?.code : undefined;
  const codes = [reason?.code, verify.trouble?.code, attempt];
  return codes.find((code) => code !== undefined && errorClass(code) === 'wait_for_operator') ?? null;
}

/** The same for a recipe. One that was stopped waits for nobody, whatever its last trouble was. Pure. */
export function operatorCodeOfRecipe({ status, waitingFor, warning }: Partial<RecipeState>): ErrorCode | null {
  const code = status === 'running' || status === 'waiting' ? (waitingFor?.code ?? warning?.code) : undefined;
  return code !== undefined && errorClass(code) === 'wait_for_operator' ? code : null;
}

export const operatorWaits: Check = {
  name: 'nothing waits for an operator',
  needs: ['store'],
  async run({ survey }) {
    const findings: Finding[] = [];
    for (const { state } of await survey.connections()) {
      const code = operatorCodeOf(state);
      if (code !== null) findings.push(waits('connection', state.connectionId, state.name, code, state.since));
    }
    for (const { _id, name, state } of await survey.recipes()) {
      const recipe = JSON.parse(state ?? '{}') as Partial<RecipeState>;
      const code = operatorCodeOfRecipe(recipe);
      if (code !== null) findings.push(waits('recipe', _id, name, code, recipe.since ?? 0));
    }
    return findings;
  },
};

const waits = (noun: string, id: string, name: string, code: ErrorCode, since: number): Finding =>
  problem(code, id, {
    what: `The ${noun} "${name}" (${id}) waits for an operator since ${new Date(since).toISOString()}.`,
    why: ERROR_CODES[code].text,
    next: NEXT[code] ?? `Do what the reason says; the ${noun} goes on by itself.`,
  });

const NEXT: Partial<Record<ErrorCode, string>> = {
  client_rejected:
    'Correct the secret of the app client (PATCH /v1/app-clients/:id), then press Verify or Refresh; or choose another client for the connection and reconnect.',
  app_misconfigured:
    'Correct the settings of the connection (address, subdomain, environment), then reconnect: settings count from an authorization on.',
  address_refused:
    'Correct the address; if the app is meant to be in your own network, name its origin or network in HAWSER_ALLOW_PRIVATE_ADDRESSES.',
};
