/** The library's own functions that we wrap. It offers them only through an evaluation. */
import jsonata from 'jsonata';

const WRAPPED = ['toMillis', 'fromMillis', 'formatInteger', 'formatNumber'] as const;

type Builtin = (this: unknown, ...values: unknown[]) => unknown;
export type Builtins = Record<(typeof WRAPPED)[number], Builtin>;

let loaded: Promise<Builtins> | undefined;

/** Loads them once. */
export function loadBuiltins(): Promise<Builtins> {
  loaded ??= Promise.all(
    WRAPPED.map(
      async (name) =>
        [name, ((await jsonata(`$${name}`).evaluate({})) as { implementation: Builtin }).implementation] as const,
    ),
  ).then((entries) => Object.fromEntries(entries) as Builtins);
  return loaded;
}
