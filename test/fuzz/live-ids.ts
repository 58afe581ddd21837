/** Ids that the fuzzer has to work with. They come and go while it runs, so that requests name them by a mark until they are sent. */

export type Noun = 'connection' | 'attempt' | 'appClient' | 'recipe' | 'job' | 'link';

const MARK = /@@(\w+):(\d+)@@/g;
const KEPT = 40;

export const markOf = (noun: Noun, number: number): string => `@@${noun}:${number}@@`;

export class LiveIds {
  private readonly ids = new Map<Noun, string[]>();

  add(noun: Noun, id: string): void {
    const known = this.ids.get(noun) ?? [];
    this.ids.set(noun, [...known, id].slice(-KEPT));
  }

  /** The text with each mark replaced by an id of its noun; `none` where there is none yet. */
  fill(text: string): string {
    return text.replace(MARK, (_, noun: Noun, number: string) => {
      const known = this.ids.get(noun) ?? [];
      return known[Number(number) % known.length] ?? 'none';
    });
  }
}
