import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Store } from '#store/connect-store.js';
import type { ConnectionDocument } from '#store/documents.js';
import { statusQuery, type ConnectionView } from '#workflows/connection/messages.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { ask } from '../../ask-workflow.js';
import { projectedActor } from '../../rebuild/rebuild-actor.js';
import type { Check } from '../check.js';
import { problem, type Finding } from '../finding.js';
import { lookAtAll } from '../look-at-all.js';

/** An activity writes the projection a moment before its actor hears the outcome, an announcement a moment after: only what stays differs. */
const LOOKS = 4;
const BETWEEN_LOOKS_MS = 1_000;

/** Lists show projections: one that stays behind its actor tells people what is not so. A writer of an older build leaves such. */
export const staleProjections: Check = {
  name: 'projections say what their actors say',
  needs: ['store', 'temporal'],
  async run({ store, temporal, survey }) {
    const all = await survey.connections();
    return (await lookAtAll(all, ({ document }) => look(temporal, store, document))).found.flat();
  },
};

async function look(client: Client, store: Store, document: ConnectionDocument): Promise<Finding[] | 'unanswered'> {
  const { workflowId, read } = projectedActor(store, document);
  let differs: string | null = null;
  for (let times = 0; times < LOOKS; times += 1) {
    if (times > 0) await pause(BETWEEN_LOOKS_MS);
    const view = await ask(client, workflowId, statusQuery);
    if (view === 'unanswered') return 'unanswered';
    const stored = await read();
    differs = view === 'lost' || stored === null ? null : difference(view, stored);
    if (differs === null) return [];
  }
  return [stale(document, differs!)];
}

/** What a person would see wrongly in a list; null = nothing. Pure. */
export function difference(view: ConnectionView, stored: ConnectionDocument): string | null {
  const isBehind =
    view.generation === stored.generation ? stored.revision < view.revision : stored.generation < view.generation;
  if (!isBehind) return null;
  const state = JSON.parse(stored.state) as ConnectionState;
  if (state.status !== view.status) return `the list says "${state.status}", its actor "${view.status}"`;
  if ((state.credential?.version ?? 0) !== view.version)
    return `the list says version ${state.credential?.version ?? 0}, its actor ${view.version}`;
  return stored.name === view.name ? null : `the list calls it "${stored.name}", its actor "${view.name}"`;
}

const stale = ({ _id, name }: ConnectionDocument, differs: string): Finding =>
  problem('projection_stale', _id, {
    what: `The connection "${name}" (${_id}) is shown wrongly: ${differs}.`,
    why: 'A worker of an older build writes beside the present ones, or the last projection could not be written.',
    next: 'Stop gateways and workers of older builds; then press Verify at the connection: its projection is written anew.',
  });
