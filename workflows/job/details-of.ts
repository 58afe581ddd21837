/** What people see of a job in the Temporal Web UI. */
import { ERROR_CODES } from '#domain/errors.js';
import type { JobState } from './messages.js';

const iso = (moment: number): string => new Date(moment).toISOString();

/** Markdown: state, steps, what it waits for and what is to be done. */
export function detailsOf(state: JobState): string {
  const { waitingFor, error } = state;
  const lines = [
    `Job of record \`${state.event.recordId}\` (recipe \`${state.recipeId}\`, version ${state.recipeVersion})`,
    `State: **${state.status}**`,
    ...(waitingFor
      ? [
          `Waiting for connection \`${waitingFor.connectionId}\` since ${iso(waitingFor.since)}: \`${waitingFor.code}\`${waitingFor.requirement ? `, needs \`${waitingFor.requirement}\`` : ''}`,
          `Next: ${ERROR_CODES[waitingFor.code].text}`,
        ]
      : []),
    ...(error ? [`\`${error.code}\`: ${error.text}`] : []),
    state.steps
      .map(
        (step, index) =>
          `${index + 1}. ${step.id} (${step.operation}): ${step.status}${step.attempts > 1 ? `, ${step.attempts} attempts` : ''}`,
      )
      .join('\n'),
  ];
  return lines.join('\n\n');
}
