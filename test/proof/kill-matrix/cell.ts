/** One cell of the matrix: an action, a link, a frame, before or after it. */
import { eventually } from '../../support/eventually.js';
import type { Action, Judgement } from './action.js';
import { authorizeAction, disconnectAction, disconnectEndedAction, reconnectAction } from './connecting-actions.js';
import { refreshAction, verifyAction } from './credential-actions.js';
import { armKill, countFrames, type ArmedKill, type Moment } from './killer.js';
import { LINKS, type Lane, type Link } from './lane.js';
import { pollAction, stepAction } from './recipe-actions.js';

export const ACTIONS: Action[] = [
  authorizeAction,
  refreshAction,
  reconnectAction,
  disconnectAction,
  disconnectEndedAction,
  verifyAction,
  pollAction,
  stepAction,
];

export interface CellResult extends Judgement {
  id: string;
  /** The frame at which the kill took place; null = this time the action had fewer frames. */
  frame: string | null;
  ms: number;
}

export const cellId = (action: string, { link, k, when }: Moment): string => `${action}/${link}/${k}/${when}`;

export function parseCellId(id: string): { action: Action; moment: Moment } {
  const [name, link, k, when] = id.split('/');
  const action = ACTIONS.find((one) => one.name === name);
  if (!action || !LINKS.includes(link as Link) || !(Number(k) > 0) || (when !== 'before' && when !== 'after'))
    throw new Error(`No such cell: ${id}`);
  return { action, moment: { link: link as Link, k: Number(k), when } };
}

/** How many frames an action has on each link when nobody disturbs it. */
export async function dryRun(lane: Lane, action: Action): Promise<Record<Link, number>> {
  const prepared = await action.prepare(lane);
  const count = countFrames(lane);
  await prepared.run();
  const counts = count();
  const { violations } = await prepared.check(null);
  if (violations.length > 0) throw new Error(`${action.name} fails undisturbed: ${violations.join('; ')}`);
  return counts;
}

/** Frames that an action causes after its caller has been served (announcements, projections) come within this time. */
const TRAIL_MS = 2_000;

export async function runCell(lane: Lane, id: string): Promise<CellResult> {
  const began = Date.now();
  const { action, moment } = parseCellId(id);
  const prepared = await action.prepare(lane);
  const kill = armKill(lane, moment);
  const failures: string[] = [];
  await prepared.run().catch((error: unknown) => failures.push(`stuck: ${String(error)}`));
  await trail(kill);
  kill.disarm();
  await kill.restarted();
  const frame = kill.frame();
  const judgement = await prepared
    .check(frame === null ? null : { link: moment.link, frame })
    .catch((error: unknown): Judgement => ({ outcome: 'not to be judged', violations: [String(error)] }));
  return {
    id,
    frame,
    outcome: judgement.outcome,
    violations: [...failures, ...judgement.violations],
    ms: Date.now() - began,
  };
}

const trail = (kill: ArmedKill): Promise<unknown> =>
  eventually('the kill', async () => kill.frame(), TRAIL_MS, 50).catch(() => undefined);
