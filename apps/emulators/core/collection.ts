export type JournalLine = [collection: string, key: string, value?: unknown];

type KeyOf<T> = (row: T) => string | undefined;

/** A named set of rows inside a `DataFile`. A changed row must be `set` again: that is what brings it to disk. */
export class Collection<T> {
  private readonly all = new Map<string, T>();
  private readonly indexes = new Map<string, { keyOf: KeyOf<T>; keys: Map<string, Set<string>> }>();

  constructor(
    private readonly name: string,
    private readonly write: (line: JournalLine) => void,
  ) {}

  get rows(): ReadonlyMap<string, T> {
    return this.all;
  }

  get(key: string): T | undefined {
    return this.all.get(key);
  }

  set(key: string, value: T): T {
    this.write([this.name, key, value]);
    const old = this.all.get(key);
    if (old !== undefined) this.unlist(key, old);
    this.all.set(key, value);
    this.list(key, value);
    return value;
  }

  delete(key: string): void {
    const old = this.all.get(key);
    if (old === undefined) return;
    this.write([this.name, key]);
    this.unlist(key, old);
    this.all.delete(key);
  }

  clear(): void {
    for (const key of [...this.all.keys()]) this.delete(key);
  }

  values(): T[] {
    return [...this.all.values()];
  }

  get size(): number {
    return this.all.size;
  }

  /** Rows as they were read from disk. */
  fill(rows: ReadonlyMap<string, T>): void {
    for (const [key, row] of rows) this.all.set(key, row);
  }

  /** Rows whose `keyOf` is `value`, oldest first. The index is made at first use under its name and kept. */
  where(index: string, keyOf: KeyOf<T>, value: string): T[] {
    let known = this.indexes.get(index);
    if (!known) {
      known = { keyOf, keys: new Map() };
      this.indexes.set(index, known);
      for (const [key, row] of this.all) enter(known.keys, keyOf(row), key);
    }
    return [...(known.keys.get(value) ?? [])].flatMap((key) => this.all.get(key) ?? []);
  }

  private list(key: string, row: T): void {
    for (const { keyOf, keys } of this.indexes.values()) enter(keys, keyOf(row), key);
  }

  private unlist(key: string, row: T): void {
    for (const { keyOf, keys } of this.indexes.values()) {
      const value = keyOf(row);
      if (value !== undefined) keys.get(value)?.delete(key);
    }
  }
}

function enter(keys: Map<string, Set<string>>, value: string | undefined, key: string): void {
  if (value === undefined) return;
  const known = keys.get(value);
  if (known) known.add(key);
  else keys.set(value, new Set([key]));
}
