import type { JobResponse } from '#contract/jobs/job-shape.js';
import { ERROR_CODES } from '#domain/errors.js';
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
    waitingFor: waitingFor && { ...waitingFor, text: ERROR_CODES[waitingFor.code].text },
    error,
    warnings,
    reruns,
  };
}
