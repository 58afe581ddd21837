import type { JobResponse } from '#contract/jobs/job-shape.js';
import { ERROR_CODES, type ErrorCode } from '#domain/errors.js';
import type { JobView } from '#workflows/job/messages.js';

export function jobOf(view: JobView): JobResponse {
  const {
    jobId,
    recipeId,
    recipeVersion,
    status,
    startedAt,
    endedAt,
    event,
    bindings,
    steps,
    waitingFor,
    error,
    warnings = [],
    reruns,
  } = view;
  return {
    id: jobId,
    recipeId,
    recipeVersion,
    status,
    startedAt,
    endedAt,
    event,
    bindings,
    steps,
    waitingFor: waitingFor && { ...waitingFor, text: waitingText(view, waitingFor.code) },
    error,
    warnings,
    reruns,
  };
}

/** The step's own words name the field and its causes; the code's sentence where it has none (the connection was deleted meanwhile). */
function waitingText({ steps }: JobView, code: ErrorCode): string {
  const step = steps.find(({ status }) => status === 'waiting');
  return step?.error?.code === code ? step.error.text : ERROR_CODES[code].text;
}
