/** A clock that stands while the process does not run: milliseconds of processor time since it was made, all threads together. */
export function processorClock(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
}
