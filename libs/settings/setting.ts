/** One setting: how its text becomes a value, and what to say when it cannot. */
export interface Setting<T> {
  /** What it is when it is not set (a blank value is "not set"). */
  readonly otherwise: T;
  /** What may stand there, for a person: "a whole number from 1 to 65535". */
  readonly allowed: string;
  /** Its value is or may hold a secret: no message repeats it. */
  readonly secret: boolean;
  /** Reads a text that is not blank; throws when it is none of what is allowed. */
  readonly parse: (text: string) => T;
}

/** By the names of their variables. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** What was read, by the same names. */
export type ValuesOf<S extends Settings> = { [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never };
