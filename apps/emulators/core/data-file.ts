import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Collection, type JournalLine } from './collection.js';

const quietMs = 1_000;
const journalLimit = 5_000;

/**
 * Rows on disk as one JSON snapshot and a journal of the changes since.
 * Each change is appended synchronously, so that what an answer promised survives `kill -9`; the snapshot is written
 * atomically (new file, rename) when the writer pauses, when the journal grows long, and at `close`.
 * Journal lines are whole rows, so replaying one that the snapshot already holds changes nothing.
 */
export class DataFile {
  private readonly collections = new Map<string, Collection<unknown>>();
  private readonly loaded = new Map<string, Map<string, unknown>>();
  private readonly snapshotPath: string;
  private readonly journalPath: string;
  private timer: NodeJS.Timeout | undefined;
  private journalLength = 0;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.snapshotPath = join(folder, `${name}.json`);
    this.journalPath = join(folder, `${name}.journal.jsonl`);
    this.load();
  }

  collection<T>(name: string): Collection<T> {
    const known = this.collections.get(name);
    if (known) return known as Collection<T>;
    const made = new Collection<T>(name, (line) => this.append(line));
    made.fill((this.loaded.get(name) ?? new Map()) as Map<string, T>);
    this.collections.set(name, made as Collection<unknown>);
    return made;
  }

  /** True when this file held anything at start. */
  get hadData(): boolean {
    return this.loaded.size > 0;
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.journalLength === 0) return;
    const all: Record<string, [string, unknown][]> = {};
    for (const [name, rows] of this.loaded) if (!this.collections.has(name)) all[name] = [...rows];
    for (const [name, collection] of this.collections) all[name] = [...collection.rows];
    writeAtomically(this.snapshotPath, JSON.stringify(all));
    rmSync(this.journalPath, { force: true });
    this.journalLength = 0;
  }

  private append(line: JournalLine): void {
    appendFileSync(this.journalPath, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    this.journalLength += 1;
    if (this.journalLength >= journalLimit) {
      // Not inside the caller's change: the row is not in its map yet.
      setImmediate(() => this.flushLater());
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flushLater(), quietMs);
    this.timer.unref();
  }

  /** In the background nobody hears an error; the journal holds everything, so the next try may come at any time. */
  private flushLater(): void {
    try {
      this.flush();
    } catch (error) {
      process.stderr.write(`emulators: no snapshot at ${this.snapshotPath}: ${String(error)}\n`);
    }
  }

  private load(): void {
    if (existsSync(this.snapshotPath)) {
      const all = JSON.parse(readFileSync(this.snapshotPath, 'utf8')) as Record<string, [string, unknown][]>;
      for (const [name, rows] of Object.entries(all)) this.loaded.set(name, new Map(rows));
    }
    if (!existsSync(this.journalPath)) return;
    for (const text of readFileSync(this.journalPath, 'utf8').split('\n')) {
      const line = parseLine(text);
      if (!line) continue;
      const [name, key, value] = line;
      const rows = this.loaded.get(name) ?? new Map<string, unknown>();
      this.loaded.set(name, rows);
      if (line.length === 2) rows.delete(key);
      else rows.set(key, value);
      this.journalLength += 1;
    }
  }
}

export function writeAtomically(path: string, text: string): void {
  const next = `${path}.next`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, path);
}

// A machine that lost power may leave half a last line; a killed process never does.
function parseLine(text: string): JournalLine | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as JournalLine;
  } catch {
    return undefined;
  }
}
