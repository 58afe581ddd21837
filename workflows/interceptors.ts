/**
 * Tells a run of its resets. A reset run replays its history up to the point that the operator chose and goes on as if nothing had come
 * after; the one trace inside the sandbox is that the SDK changes the seed of its random numbers. The workflow function gets a `Resets`
 * as its last argument.
 */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { noResets } from './resets.js';

export const interceptors: WorkflowInterceptorsFactory = () => {
  const resets = noResets();
  let known = seed();
  const look = (): void => {
    const present = seed();
    if (present === known) return;
    known = present;
    if (resets.seen) resets.seen();
    else resets.early += 1;
  };
  return {
    inbound: [{ execute: (input, next) => next({ ...input, args: [...input.args, resets] }) }],
    internals: [
      {
        activate: (input, next) => {
          if (input.batchIndex === 0) resets.begins?.();
          look();
          next(input);
          // Runs that began under an older SDK change it in here.
          look();
        },
      },
    ],
  };
};

/** Not of the SDK's public interface, so an upgrade may take it away: `test/e2e/g14-reset.int.test.ts` would fail then. */
function seed(): string {
  const { __TEMPORAL_ACTIVATOR__: activator } = globalThis as { __TEMPORAL_ACTIVATOR__?: { randomnessSeed?: unknown } };
  return String(activator?.randomnessSeed);
}
