/** A HawserError with what only an HTTP answer needs: the cure in words, and extension members of the problem document. */
import { HawserError, type ErrorCode } from '#domain/errors.js';
import type { Problem } from '#contract/problem.js';

export type ProblemExtensions = Partial<Pick<Problem, 'cure' | 'errors' | 'users' | 'bindings' | 'missing'>>;

export class ProblemError extends HawserError {
  constructor(
    code: ErrorCode,
    detail: string,
    readonly extensions: ProblemExtensions = {},
    options: HawserError['options'] = {},
  ) {
    super(code, detail, options);
  }
}

/** 404 for a thing that is not in the workspace: the same answer whether it exists elsewhere or not. */
export function notFound(noun: string, id: string): ProblemError {
  return new ProblemError('not_found', `There is no ${noun} "${shorten(id)}" in this workspace.`, {
    cure: `List the ${noun}s of the workspace and use an id from there.`,
  });
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
