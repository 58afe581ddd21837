/** Reads settings from an environment: the one place where a text of an operator becomes a value of ours. */
import type { Setting, Settings, ValuesOf } from './setting.js';

/** One or more settings are wrong. The message has one line each; it never holds the value of a secret. */
export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

/** Longer values are cut in messages. */
const SHOWN_CHARACTERS = 100;

/**
 * Reads what `settings` names. `NAME=` and `NAME="  "` are "not set": that is what a compose file makes of a variable that is absent.
 * @throws WrongSettings that names each variable at fault, its value and what is allowed.
 */
export function readSettings<S extends Settings>(settings: S, environment: NodeJS.ProcessEnv): ValuesOf<S> {
  const lines: string[] = [];
  const values = Object.entries(settings).map(([name, setting]) => {
    const value = environment[name]?.trim();
    if (!value) return [name, setting.otherwise];
    try {
      return [name, setting.parse(value)];
    } catch (error) {
      lines.push(faultOf(name, value, setting, (error as Error).message));
      return [name, setting.otherwise];
    }
  });
  if (lines.length > 0) throw new WrongSettings(lines);
  return Object.fromEntries(values) as ValuesOf<S>;
}

/** A parser of another module names the variable itself, and says more than we can: then its words are added. */
function faultOf(name: string, value: string, { secret, allowed }: Setting<unknown>, reason: string): string {
  // An address with a user in it may have a password there too.
  const hidden = secret || /:\/\/[^/]*@/.test(value);
  const shown = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
  const more =
    !hidden && reason.startsWith(name) ? ` (${reason.slice(name.length).replace(/^\W+/, '').replace(/\.$/, '')})` : '';
  return `${name} is ${hidden ? 'wrong (its value is not shown)' : `"${shown}"`}. Allowed is ${allowed}${more}.`;
}
