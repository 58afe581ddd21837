/**
 * How much a value weighs when it is written out: one for each value, one for each character. A shared part counts each
 * time that it is met, yet is walked once: `{"a": x, "b": x}` nested thirty times has 60 objects and weighs 2^30.
 */
export function weigher(): (value: unknown) => number {
  const known = new WeakMap<object, number>();
  return function weigh(value: unknown): number {
    if (typeof value === 'string') return value.length + 1;
    if (typeof value !== 'object' || value === null) return 1;
    const before = known.get(value);
    if (before !== undefined) return before;
    // A part of itself (a function's environment) must not be walked for ever.
    known.set(value, 1);
    if ('_jsonata_function' in value || '_jsonata_lambda' in value) return 1;
    let weight = 1;
    if (Array.isArray(value)) for (const item of value) weight += weigh(item);
    else for (const [key, item] of Object.entries(value)) weight += key.length + weigh(item);
    // A sequence may still grow after it was weighed, so arrays are weighed anew each time; their items are not.
    if (Array.isArray(value)) known.delete(value);
    else known.set(value, weight);
    return weight;
  };
}
