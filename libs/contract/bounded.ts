/** Collections that a caller fills: none without a bound, so that no check of them can take long. */
import { z } from 'zod';

/** An object of free names with at most `max` entries; its bound stands in the JSON schema too. */
export function mapOf<K extends z.ZodString, V extends z.ZodType>(key: K, value: V, max: number) {
  return z
    .record(key, value)
    .refine((map) => Object.keys(map).length <= max, { error: `At most ${max} entries.` })
    .meta({ maxProperties: max });
}

/** Any JSON value of at most so many characters. How deep it nests is bounded by the body's own limit. */
export function jsonOf(maxLength: number) {
  return z
    .unknown()
    .refine((value) => value === undefined || JSON.stringify(value).length <= maxLength, {
      error: `At most ${maxLength} characters of JSON.`,
    })
    .meta({ description: `Any JSON of at most ${maxLength} characters.`, 'x-maxLength': maxLength });
}
