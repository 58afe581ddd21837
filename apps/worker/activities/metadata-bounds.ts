/** Metadata travels through Temporal, which takes no payload of 2 MB: what is larger is cut where it can be asked for otherwise. */
import { ERROR_CODES, HawserError } from '#domain/errors.js';
import { inWords, jsonBytes } from '#domain/sizes.js';
import type { MetadataResult } from '#workflows/metadata/messages.js';

export const LARGEST_METADATA = 1_000_000;

type Answer = Pick<MetadataResult, 'items' | 'object'>;
type Field = Record<string, unknown>;

/** The answer, without the longest picklists if it would be too large: each can be read by itself. Throws `answer_too_large`. */
export function boundedMetadata(answer: Answer): Answer {
  let bytes = jsonBytes(answer);
  const { object } = answer;
  if (bytes <= LARGEST_METADATA) return answer;
  const fields = Array.isArray(object?.fields) ? [...(object.fields as Field[])] : [];
  const byLength = fields
    .map((field, index) => ({ index, bytes: jsonBytes(field.picklist) }))
    .sort((one, other) => other.bytes - one.bytes);
  for (const { index, bytes: freed } of byLength) {
    if (bytes <= LARGEST_METADATA || freed === 0) break;
    const { picklist: _, ...field } = fields[index] as Field;
    fields[index] = { ...field, picklistLeftOut: true };
    bytes -= freed;
  }
  if (bytes <= LARGEST_METADATA) return { ...answer, object: { ...object, fields } };
  const what = answer.items ? `The list has ${answer.items.length} entries and` : 'The description';
  throw new HawserError(
    'answer_too_large',
    `${ERROR_CODES.answer_too_large.text} ${what} ${inWords(bytes)}; at most ${inWords(LARGEST_METADATA)} can be shown.`,
  );
}
