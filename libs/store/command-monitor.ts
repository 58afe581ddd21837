import type { Connection } from 'mongoose';
import { forbiddenForms } from './forbidden-forms.js';

export interface CommandMonitor {
  /** What was seen so far and must not be, one sentence each. */
  violations: string[];
  /** How many commands were looked at: proves that the monitor sees anything. */
  seen(): number;
  /** @throws Error that lists the violations. */
  assertClean(): void;
  stop(): void;
}

/** Commands of the driver itself. */
const OF_THE_DRIVER = new Set([
  'hello',
  'ismaster',
  'ping',
  'endSessions',
  'killCursors',
  'getMore',
  'buildInfo',
  'saslStart',
  'saslContinue',
]);

/** Watches every command of a connection (rule 18). For tests; the store must be connected with `monitorCommands: true`. */
export function watchCommands(db: Connection): CommandMonitor {
  const client = db.getClient();
  const violations: string[] = [];
  let seen = 0;
  const look = ({ commandName, command }: { commandName: string; command: object }): void => {
    if (OF_THE_DRIVER.has(commandName)) return;
    seen += 1;
    violations.push(...forbiddenForms(commandName, command as Record<string, unknown>));
  };
  client.on('commandStarted', look);
  return {
    violations,
    seen: () => seen,
    assertClean() {
      if (seen === 0) throw new Error('The command monitor saw nothing: connect the store with monitorCommands.');
      if (violations.length > 0) throw new Error(`Forbidden forms were sent:\n${violations.join('\n')}`);
    },
    stop: () => void client.off('commandStarted', look),
  };
}
