/** What people see of a recipe: the view for screens, the text for the Temporal Web UI. */
import { ERROR_CODES } from '#domain/errors.js';
import type { RecipeState, RecipeView } from './messages.js';

const iso = (moment: number): string => new Date(moment).toISOString();

export function viewOf({ v: _, progress: __, vaultIsRepeated: ___, openJobs, ...rest }: RecipeState): RecipeView {
  return { ...rest, openJobs: openJobs.length };
}

/** Markdown: state, connections, what it waits for and what is to be done. */
export function detailsOf(state: RecipeState): string {
  const { waitingFor, warning } = state;
  return [
    `**${state.name}** (version ${state.version})`,
    `State: **${state.status}** since ${iso(state.since)}`,
    ...(waitingFor
      ? [
          `Waiting for connection \`${waitingFor.connectionId}\`: \`${waitingFor.code}\`${waitingFor.requirement ? `, needs \`${waitingFor.requirement}\`` : ''}`,
          `Next: ${ERROR_CODES[waitingFor.code].text}`,
        ]
      : []),
    ...(warning && !waitingFor ? [`Trouble of the trigger since ${iso(warning.at)}: ${warning.text}`] : []),
    `Jobs: ${state.openJobs.length} open, ${state.jobsStarted} started`,
    ...(state.lastPollAt === null ? [] : [`Last events read at ${iso(state.lastPollAt)}`]),
    Object.entries(state.bindings)
      .map(
        ([name, { app, connectionId }]) =>
          `- ${name} (${app}): ${connectionId === null ? 'not bound' : `\`${connectionId}\``}`,
      )
      .join('\n'),
  ].join('\n\n');
}
