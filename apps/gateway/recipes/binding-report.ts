/** One binding of a recipe: is it connected, and which button is to be pressed (AS-01). Pure. */
import type { z } from 'zod';
import type { RecipeConnectionSchema } from '#contract/recipes/recipe-shape.js';
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import { ERROR_CODES } from '#domain/errors.js';
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
}

export function reportBinding({
  binding,
  app,
  manifest,
  connectionId,
  view,
  requirements,
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
    const missing = (view.proof?.missing ?? []).filter(({ requirement }) => requirements.includes(requirement));
    return {
      ...base,
      status: view.status,
      connected: true,
      action: 'none',
      code: view.reason?.code ?? null,
      text: view.nextStep,
      missing,
    };
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
