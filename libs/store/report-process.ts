/** A process tells of itself: that it lives, and which keys it holds. Rotation and doctor read it. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { ProcessDocument } from './documents.js';
import type { FormatStore } from './format-store.js';
import type { ProcessStore } from './process-store.js';

/** How soon a process is heard of, and a change of its keys. */
export const REPORT_EVERY_MS = 5_000;

export interface ProcessReportWish {
  processes: ProcessStore;
  kind: ProcessDocument['kind'];
  /** For people; default `<pid>@<host>`. */
  where?: string;
  /** Asked at each report: what the process holds at that moment. */
  facts: () => Pick<ProcessDocument, 'payloadKeys' | 'sealingKeys' | 'openingKeys' | 'storeFormat'>;
  everyMs?: number;
  /** Called once when a newer build has raised the store's format above ours: this process must stop writing. */
  onOlder: (present: number) => void;
  format: Pick<FormatStore, 'number'>;
  /** Told once for each run of failures: a store that is away stops nothing. */
  onTrouble: (error: unknown) => void;
}

/** Reports at once and then every five seconds. `stop` takes the document away: the process does not live any more. */
export function startProcessReports(wish: ProcessReportWish): { stop(): Promise<void> } {
  const {
    processes,
    kind,
    facts,
    format,
    onOlder,
    onTrouble,
    where = `${process.pid}@${hostname()}`,
    everyMs = REPORT_EVERY_MS,
  } = wish;
  const _id = `${kind}/${randomBytes(8).toString('hex')}`;
  const startedAt = Date.now();
  let healthy = true;
  let stopped = false;
  let older = false;
  const report = async (): Promise<void> => {
    try {
      const held = facts();
      await processes.report({ _id, kind, name: `${kind} ${where}`, startedAt, ...held });
      const present = await format.number();
      if (present > held.storeFormat && !older) {
        older = true;
        onOlder(present);
      }
      healthy = true;
    } catch (error) {
      if (healthy && !stopped) onTrouble(error);
      healthy = false;
    }
  };
  let under: Promise<void> = report().then(() => processes.forgetDead().catch(() => undefined));
  let busy = true;
  void under.finally(() => (busy = false));
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    under = report().finally(() => (busy = false));
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await under;
      await processes.remove(_id).catch(() => undefined);
    },
  };
}
