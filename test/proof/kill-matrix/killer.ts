/** Kills a process before or after the k-th frame of a link, and starts it again. */
import { LINKS, type Lane, type Link } from './lane.js';

export interface Moment {
  link: Link;
  /** Counted from 1, from the moment the action begins. */
  k: number;
  when: 'before' | 'after';
}

export interface ArmedKill {
  /** The frame at which the process was killed; null = the action had fewer frames. */
  frame(): string | null;
  /** Resolves when the killed process runs again; at once if none was killed. */
  restarted(): Promise<void>;
  disarm(): void;
}

/** From now on frames of the moment's link are counted; at the k-th its near end gets SIGKILL. What it had still to send or hear on that link is lost. */
export function armKill(lane: Lane, { link, k, when }: Moment): ArmedKill {
  const process = lane.nearEnd(link);
  let count = 0;
  let hit: string | null = null;
  let restart: Promise<unknown> = Promise.resolve();
  const kill = (name: string): void => {
    hit = name;
    restart = process.kill().then(() => {
      disarm(lane, link);
      return process.start();
    });
    restart.catch(() => undefined);
  };
  for (const proxy of lane.links[link]) {
    proxy.onFrame = ({ name, direction, moment }) => {
      if (hit !== null) return moment === 'before' ? 'drop' : undefined;
      if (moment === 'before') count += 1;
      if (count !== k || moment !== when) return undefined;
      kill(`${direction === 'to_server' ? '>' : '<'} ${name}`);
      return when === 'before' ? 'drop' : undefined;
    };
  }
  return { frame: () => hit, restarted: () => restart.then(() => undefined), disarm: () => hit ?? disarm(lane, link) };
}

function disarm(lane: Lane, link: Link): void {
  for (const proxy of lane.links[link]) proxy.onFrame = null;
}

/** Counts the frames of every link while nothing is killed. */
export function countFrames(lane: Lane): () => Record<Link, number> {
  const counts = Object.fromEntries(LINKS.map((link) => [link, 0])) as Record<Link, number>;
  for (const link of LINKS) {
    for (const proxy of lane.links[link]) {
      proxy.onFrame = ({ moment }) => {
        if (moment === 'before') counts[link] += 1;
      };
    }
  }
  return () => {
    for (const link of LINKS) disarm(lane, link);
    return counts;
  };
}
