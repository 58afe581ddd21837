/** The library's own functions that we wrap. It offers them only through an evaluation. */
import jsonata from 'jsonata';
import { LENIENT_NAMES, lenientBuiltins, type Builtin } from './lenient-builtins.js';

const WRAPPED = ['toMillis', 'fromMillis', 'formatInteger', 'formatNumber', ...LENIENT_NAMES] as const;

/** Implementations by name; `lenient`: ready functions to bind, by name. */
export type Builtins = Record<(typeof WRAPPED)[number], Builtin> & { lenient: ReadonlyMap<string, unknown> };

let loaded: Promise<Builtins> | undefined;

/** Loads them once. */
export function loadBuiltins(): Promise<Builtins> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Builtins> {
  const entries = await Promise.all(
    WRAPPED.map(
      async (name) =>
        [name, ((await jsonata(`$${name}`).evaluate({})) as { implementation: Builtin }).implementation] as const,
    ),
  );
  const plain = Object.fromEntries(entries) as Record<(typeof WRAPPED)[number], Builtin>;
  return { ...plain, lenient: await lenientBuiltins(plain) };
}
