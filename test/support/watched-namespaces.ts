/** The Temporal namespaces of one test file, and what it breaks there on purpose. Light: every test file loads it. */

export interface WatchedNamespace {
  address: string;
  namespace: string;
  /** Unix ms; older runs are others'. */
  since: number;
}

const watched = new Map<string, WatchedNamespace>();
const wanted: RegExp[] = [];

/** From now on the runs of that namespace are looked at when the file ends. */
export function watchNamespace(address: string, namespace: string, since = 0): void {
  watched.set(namespace, { address, namespace, since });
}

/** For a test that breaks a run on purpose. `pattern` is held against `<workflow type> <workflow id>: <what broke>`. */
export function expectBrokenRuns(pattern: RegExp): void {
  wanted.push(pattern);
}

export const watchedNamespaces = (): WatchedNamespace[] => [...watched.values()];
export const isWanted = (line: string): boolean => wanted.some((pattern) => pattern.test(line));
