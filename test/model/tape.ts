/** The choices of one run, made by fast-check: each decision takes the next number; when they run out, nothing bad happens any more. */
export class Tape {
  private next = 0;

  constructor(private readonly numbers: readonly number[]) {}

  get isOver(): boolean {
    return this.next >= this.numbers.length;
  }

  /** A number below `limit`; `limit - 1` (the harmless choice, by convention the last) when the tape is over. */
  below(limit: number): number {
    const number = this.numbers[this.next];
    this.next += 1;
    return number === undefined ? limit - 1 : number % limit;
  }

  /** One of the choices, by weight; the last one is the harmless one. */
  choose<T extends string>(weights: Record<T, number>): T {
    const entries = Object.entries<number>(weights) as [T, number][];
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
    let rest = this.below(total);
    for (const [name, weight] of entries) {
      if (rest < weight) return name;
      rest -= weight;
    }
    return entries.at(-1)![0];
  }
}
