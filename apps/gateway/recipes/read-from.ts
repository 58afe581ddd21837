/** Where a recipe's trigger reads on when it is bound to another connection. */
import { readMoment } from '#connector-sdk/read-moment.js';
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';
import type { RecipeDocument } from '#store/documents.js';
import type { ReadFrom } from '#workflows/recipe/messages.js';
import { glanceAtConnection } from '../connections/read-connection.js';
import type { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';
import { invalidFields } from '../problems/schema-issues.js';

/** Reads a person's choice; `request_invalid` when it is none. */
export function parseReadFrom(text: string | undefined): ReadFrom | undefined {
  if (text === undefined) return undefined;
  const word = text.trim().toLowerCase();
  if (word === 'go_on' || word === 'now') return word;
  const moment = readMoment(text);
  if (moment !== null) return Math.max(0, moment);
  const detail =
    'The field "readFrom" must be "go_on", "now", or a date such as 2026-01-31 or 2026-01-31T09:00:00+01:00.';
  throw invalidFields([{ pointer: '/readFrom', detail }]);
}

/**
 * Refuses with 409 `source_changed` when the trigger of a recipe that has read before would go on as another user of the same instance
 * without anybody having chosen. What cannot be known here (a connection that is not authorized yet) is asked by the recipe itself.
 */
export async function requireChoice(
  services: GatewayServices,
  present: RecipeDocument,
  wish: { definition: RecipeDefinition; bindings: RecipeBindings },
  hasRead: boolean,
): Promise<void> {
  const before = present.bindings[present.definition.trigger.binding]?.connectionId;
  const after = wish.bindings[wish.definition.trigger.binding]?.connectionId;
  if (!hasRead || !before || !after || before === after) return;
  const [old, next] = await Promise.all([before, after].map((id) => whoReads(services, present.workspaceId, id)));
  if (!old || !next || old.instanceId !== next.instanceId || old.accountId === next.accountId) return;
  throw new ProblemError(
    'source_changed',
    `The trigger has read as ${old.label} so far, and would go on as ${next.label}, who may see other records.`,
    {
      cure: 'Repeat the change with "readFrom": "go_on" (behind what was read before), "now", or a date to read from.',
    },
  );
}

async function whoReads(
  services: GatewayServices,
  workspaceId: string,
  id: string,
): Promise<{ instanceId: string; accountId: string; label: string } | null> {
  try {
    const { instance, account } = (await glanceAtConnection(services, workspaceId, id)).view;
    return instance && account ? { instanceId: instance.id, accountId: account.id, label: account.label } : null;
  } catch {
    return null;
  }
}
