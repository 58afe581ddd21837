/** Rejections that nobody handles: a worker would die of the first. */

/** Counts them until `stop`, which gives them. */
export function watchRejections(): () => Promise<unknown[]> {
  const seen: unknown[] = [];
  const note = (reason: unknown): void => void seen.push(reason);
  process.on('unhandledRejection', note);
  return async () => {
    // Node tells of a rejection when the microtasks of the turn are done.
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('unhandledRejection', note);
    return seen;
  };
}
