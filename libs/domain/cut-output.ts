/** What is kept of a step's output that is too large. The write has happened: the step is done, whatever the app has answered. */
import { mayRead } from './may-read.js';
import { jsonBytes, LARGEST_OUTPUT, LARGEST_READ_OUTPUT } from './sizes.js';

export interface KeptOutput {
  output: Record<string, unknown>;
  /** Paths of what was cut, such as `organization.details`; absent when nothing was. */
  cut?: string[];
}

type Fields = Record<string, unknown>;

const DEEPEST = 5;
const MOST_NAMES = 200;

/**
 * Keeps the record's id, then what later steps may read (up to 250 KB), then what fits into `largest`, small things first.
 * @param later Expressions of the steps behind it; null when they are not known: then all may be read.
 */
export function cutOutput(
  stepId: string,
  output: Fields,
  later: readonly string[] | null,
  largest: number = LARGEST_OUTPUT,
): KeptOutput {
  if (jsonBytes(output) <= largest) return { output };
  const isRead = (path: string[]): boolean =>
    later === null || later.some((expression) => mayRead(expression, stepId, path));
  const cutter = new Cutter(isRead, largest);
  return { output: cutter.keep(output, []), cut: cutter.cut.map((path) => path.join('.').slice(0, 200)) };
}

class Cutter {
  readonly cut: string[][] = [];
  private bytes = 0;

  constructor(
    private readonly isRead: (path: string[]) => boolean,
    private readonly largest: number,
  ) {}

  keep(fields: Fields, above: string[]): Fields {
    this.bytes += 2;
    const ranked = Object.entries(fields).map(([name, value]) => {
      const path = [...above, name];
      return { name, value, path, bytes: jsonBytes(value), rank: isId(name) ? 0 : this.isRead(path) ? 1 : 2 };
    });
    ranked.sort((one, other) => one.rank - other.rank || one.bytes - other.bytes);
    const kept = new Map<string, unknown>();
    for (const field of ranked) this.keepField(field, kept);
    // In the order of the app.
    return Object.fromEntries(
      Object.keys(fields).flatMap((name) => (kept.has(name) ? [[name, kept.get(name)] as const] : [])),
    );
  }

  private keepField(
    { name, value, path, bytes, rank }: { name: string; value: unknown; path: string[]; bytes: number; rank: number },
    kept: Map<string, unknown>,
  ): void {
    const room = rank < 2 ? LARGEST_READ_OUTPUT : this.largest;
    const nameBytes = jsonBytes(name) + 2;
    if (this.bytes + nameBytes + bytes <= room) {
      this.bytes += nameBytes + bytes;
      kept.set(name, value);
    } else if (rank < 2 && path.length < DEEPEST && isFields(value)) {
      this.bytes += nameBytes;
      kept.set(name, this.keep(value, path));
    } else if (this.cut.length < MOST_NAMES) this.cut.push(path);
  }
}

const isId = (name: string): boolean => name.toLowerCase() === 'id';

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
