/** What the pool and its processes say to each other: plain JSON, one batch (the mappings of one step) at a time. */
import { HawserError, type ErrorCode } from '#domain/errors.js';
import type { MappingInput } from './mapping-input.js';

export interface Batch {
  fields: Record<string, string>;
  input: MappingInput;
}

export type ChildAnswer =
  | { ready: true }
  | { result: Record<string, unknown> }
  | { error: { code: ErrorCode; detail: string; options: Record<string, unknown> } };

/** A failure as data. What is no failure of ours is told without its words: they may carry values of the input. */
export function toAnswer(error: unknown): ChildAnswer {
  if (!(error instanceof HawserError))
    return { error: { code: 'mapping_failed', detail: 'A mapping could not be computed.', options: {} } };
  const { cause: _, ...options } = error.options;
  return { error: { code: error.code, detail: error.detail, options } };
}

/** The failure again. */
export function toError({ code, detail, options }: Extract<ChildAnswer, { error: object }>['error']): HawserError {
  return new HawserError(code, detail, options);
}
