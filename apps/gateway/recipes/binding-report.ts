/** One binding of a recipe: is it connected, and which button is to be pressed (AS-01). Pure. */
import type { z } from 'zod';
import type { RecipeConnectionSchema } from '#contract/recipes/recipe-shape.js';
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import { ERROR_CODES, errorClass, type ErrorCode } from '#domain/errors.js';
import type { ConnectionView } from '#workflows/connection/messages.js';

export type BindingReport = z.infer<typeof RecipeConnectionSchema>;

export interface BindingFacts {
  binding: string;
  app: string;
  manifest: ConnectorManifest | null;
  connectionId: string | null;
  /** Null: nothing bound, or the bound connection is gone. */
  view: ConnectionView | null;
  /** What the recipe needs of this connection. */
  requirements: readonly string[];
  /** What the recipe and its jobs wait for at this connection, though it is connected. */
  waits?: readonly BindingWait[];
}

export interface BindingWait {
  code: ErrorCode;
  requirement: string | null;
}

export function reportBinding({
  binding,
  app,
  manifest,
  connectionId,
  view,
  requirements,
  waits = [],
}: BindingFacts): BindingReport {
  const appName = manifest?.name ?? app;
  const base = {
    binding,
    app,
    appName,
    connectionId,
    connectionName: view?.name ?? null,
    connected: false,
    missing: [],
  };
  if (connectionId === null)
    return {
      ...base,
      status: 'unbound',
      action: 'bind',
      code: 'not_connected',
      text: `Connect ${appName}: choose a connection for "${binding}", or make one.`,
    };
  if (view === null)
    return {
      ...base,
      status: 'deleted',
      action: 'bind',
      code: 'connection_deleted',
      text: `The connection bound to "${binding}" was deleted. Choose another one of ${appName}.`,
    };
  if (view.status === 'connected' || view.status === 'degraded') {
    return { ...base, status: view.status, connected: true, ...usable(appName, view, requirements, waits) };
  }
  const code =
    view.reason?.code ??
    (view.status === 'draft'
      ? 'never_authorized'
      : view.status === 'disconnected'
        ? 'connection_disconnected'
        : 'not_connected');
  const action = view.candidate ? 'decide' : view.status === 'draft' ? 'connect' : 'reconnect';
  const verb = action === 'connect' ? 'Connect' : 'Reconnect';
  const text = action === 'decide' ? view.nextStep : `${verb} ${appName} ("${view.name}"): ${ERROR_CODES[code].text}`;
  return { ...base, status: view.status, action, code, text };
}

/** A connected binding: fine, or what is in its way all the same. */
function usable(
  appName: string,
  view: ConnectionView,
  requirements: readonly string[],
  waits: readonly BindingWait[],
): Pick<BindingReport, 'action' | 'code' | 'text' | 'missing'> {
  const known = (view.proof?.missing ?? []).filter(({ requirement }) => requirements.includes(requirement));
  const waited = waits.flatMap(({ requirement }) => requirement ?? []);
  const unproven = [...new Set(waited)].filter((key) => !known.some(({ requirement }) => requirement === key));
  const missing = [
    ...known,
    ...unproven.map((requirement) => ({
      requirement,
      text: `${appName} refuses "${requirement}" to the connected user.`,
    })),
  ];
  const scope = waits.find(({ code }) => code === 'scope_missing');
  if (scope) return { action: 'reconnect', code: scope.code, text: ERROR_CODES.scope_missing.text, missing };
  if (missing.length > 0)
    return {
      action: 'verify',
      code: 'right_missing',
      text: `${missing.map(({ text }) => text).join(' ')} Give it at ${appName}, then press Verify.`,
      missing,
    };
  const operator = waits.find(({ code }) => errorClass(code) === 'wait_for_operator');
  if (operator) return { action: 'none', code: operator.code, text: ERROR_CODES[operator.code].text, missing };
  return { action: 'none', code: view.reason?.code ?? null, text: view.nextStep, missing };
}
