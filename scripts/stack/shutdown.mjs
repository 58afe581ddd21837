/**
 * Collects what was started, and stops it in order: later groups first, the members of one group together. Safe to call
 * twice. A failure to stop one thing is reported and does not keep the others running.
 */
export function createShutdown({ log }) {
  const groups = [];
  let running;

  async function stopAll() {
    for (const group of groups.reverse()) {
      const results = await Promise.allSettled(group.map((one) => one.stop()));
      for (const { reason } of results.filter((one) => one.status === 'rejected'))
        log(`while stopping: ${reason?.message ?? reason}`);
    }
  }

  return {
    /** Opens a new group; what is added to it is stopped together, before all groups opened earlier. */
    group() {
      const group = [];
      groups.push(group);
      return { add: (thing) => (group.push(thing), thing) };
    },
    stop: () => (running ??= stopAll()),
  };
}
