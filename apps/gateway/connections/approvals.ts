/** Apps keep so many approvals of one app client by one user and end the oldest without a word: who they are is said beforehand. */
import { findManifest } from '#connectors/manifests.js';
import { groupBy } from '#domain/group-by.js';
import type { ConnectionView } from '#workflows/connection/messages.js';
import type { GatewayServices } from '../ports.js';
import { projectedView } from './connection-answer.js';

type Approval = Pick<
  ConnectionView,
  'connectionId' | 'name' | 'app' | 'status' | 'reason' | 'account' | 'instance' | 'consentedAt' | 'appClientId'
> & { authorizedWith?: ConnectionView['authorizedWith'] };

export interface ConnectionWarning {
  text: string;
  connections: { id: string; name: string }[];
}

const PAGE = 200;
/** Of one app in one workspace; more are not looked at. */
const MOST_READ = 1_000;

export async function approvalWarnings(services: GatewayServices, view: ConnectionView): Promise<ConnectionWarning[]> {
  const limit = findManifest(view.app)?.auth.approvalsPerUser;
  if (limit === undefined || view.account === null) return [];
  const others: Approval[] = [];
  for (let cursor: string | undefined, read = 0; read < MOST_READ; read += PAGE) {
    const page = await services.store.connections.list(
      view.workspaceId,
      { limit: PAGE, after: cursor ?? null },
      { app: view.app },
    );
    others.push(...page.items.map(projectedView));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return judgeApprovals(view, others, limit);
}

/** The same for a list that holds every connection of its apps: nothing more is read. Keyed by connection. */
export function listedApprovalWarnings(views: readonly Approval[]): Map<string, ConnectionWarning[]> {
  const byUser = groupBy(
    views.filter(({ account }) => account !== null),
    (view) => JSON.stringify([view.app, view.account?.id, view.instance?.id, clientOf(view)]),
  );
  const found = new Map<string, ConnectionWarning[]>();
  for (const approvals of byUser.values()) {
    const limit = findManifest(approvals[0]?.app ?? '')?.auth.approvalsPerUser;
    if (limit === undefined || approvals.length <= limit) continue;
    for (const one of approvals) found.set(one.connectionId, judgeApprovals(one, approvals, limit));
  }
  return found;
}

/** Pure. `others` may hold the connection itself. */
export function judgeApprovals(own: Approval, others: readonly Approval[], limit: number): ConnectionWarning[] {
  const siblings = others.filter(
    (one) => one.connectionId !== own.connectionId && isAlive(one) && isSameUser(one, own),
  );
  const connections = siblings.map(({ connectionId, name }) => ({ id: connectionId, name }));
  const named = siblings.map(({ connectionId, name }) => `"${name}" (${connectionId})`).join(', ');
  const way = 'Use one connection in all recipes, or connect with another user or another app client.';
  if (isAlive(own) && siblings.length >= limit) {
    return [
      {
        text: `The same user has approved the same app client ${siblings.length + 1} times; the app keeps ${limit} approvals, and the oldest end without a word. The others are ${named}. ${way}`,
        connections,
      },
    ];
  }
  const newer = siblings.filter(({ consentedAt }) => (consentedAt ?? 0) > (own.consentedAt ?? 0));
  if (own.status === 'invalid' && own.reason?.code === 'grant_revoked' && newer.length >= limit) {
    return [
      {
        text: `This grant has probably ended because the same user has approved the same app client ${newer.length} times since: the app keeps ${limit} approvals. Reconnecting it would end another one of ${named}. ${way}`,
        connections,
      },
    ];
  }
  return [];
}

const isAlive = ({ status }: Approval): boolean => status === 'connected' || status === 'degraded';

const clientOf = ({ authorizedWith, appClientId }: Approval): string | null =>
  authorizedWith?.appClientId ?? appClientId;

const isSameUser = (one: Approval, other: Approval): boolean =>
  one.account?.id === other.account?.id && one.instance?.id === other.instance?.id && clientOf(one) === clientOf(other);
