/**
 * Reads many things by a request for several at once, when an answer may be no larger than our own limit: a part whose answer is too
 * large is halved until one thing is left. The size of the parts changes how often is asked, never what comes.
 */
import { HawserError } from '#domain/errors.js';

/** Whether a failure is our own limit of an answer. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof HawserError && error.code === 'answer_too_large';

export interface PartsRead<Item, Read> {
  /** For each thing what was read; null = it alone is too large. In order; fewer than asked for when the time was up. */
  read: { item: Item; value: Read | null }[];
}

/**
 * @param most Things of one request.
 * @param isTimeUp Whether to stop, once something was read; what is left is for the next time. A failure that may pass
 * stops it too once something was read: whoever reads on meets it first.
 */
export async function readByParts<Item, Read>(
  items: readonly Item[],
  most: number,
  isTimeUp: () => boolean,
  readPart: (part: readonly Item[]) => Promise<Read>,
): Promise<PartsRead<Item, Read>> {
  const read: PartsRead<Item, Read>['read'] = [];
  let size = most;
  while (read.length < items.length && (read.length === 0 || !isTimeUp())) {
    const part = items.slice(read.length, read.length + size);
    try {
      const value = await readPart(part);
      read.push(...part.map((item) => ({ item, value })));
      size = Math.min(most, size * 2);
    } catch (error) {
      if (!isTooLarge(error)) {
        if (read.length > 0 && error instanceof HawserError && error.class === 'retry') break;
        throw error;
      }
      if (part.length === 1) read.push({ item: part[0] as Item, value: null });
      size = Math.max(1, Math.floor(part.length / 2));
    }
  }
  return { read };
}
