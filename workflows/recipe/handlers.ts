/** The messages that a recipe takes. Handlers only change the state; the loop of recipe-run.ts does the work. */
import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import { ERROR_CODES, type ErrorCode } from '#domain/errors.js';
import { uncheckedMessage } from '../unchecked-message.js';
import * as messages from './messages.js';
import { MESSAGES_ARE_CHECKED } from './patches.js';
import { faultOfChange, pickChange, readJobDone, readWake } from './read-message.js';
import { changed, deleted, jobsDone, started, stopped, woken, type LiveRecipe } from './state.js';
import { viewOf } from './view-of.js';

/** What handlers see and do of a recipe. */
export interface HandledRecipe {
  readonly state: LiveRecipe;
  set(next: LiveRecipe): void;
  /** A change that lets jobs go on which waited for others. */
  take(change: ReturnType<typeof jobsDone>): void;
  askToRoll(): void;
}

/** To be called before the first await of the workflow: what came in with its start would be lost otherwise. */
export function registerHandlers(recipe: HandledRecipe): void {
  const answer = (next: LiveRecipe): messages.RecipeView => {
    recipe.set(next);
    return viewOf(recipe.state);
  };
  setHandler(messages.recipeStatusQuery, () => viewOf(recipe.state));
  setHandler(messages.startRecipeUpdate, () => answer(started(recipe.state, Date.now())), {
    validator: () => refuseStart(recipe.state),
  });
  setHandler(messages.stopRecipeUpdate, () => answer(stopped(recipe.state, Date.now())), {
    validator: () => refuseDeleted(recipe.state),
  });
  setHandler(messages.changeRecipeUpdate, (change) => answer(changed(recipe.state, pickChange(change), Date.now())), {
    validator: (change) => refuseChange(recipe.state, change),
  });
  setHandler(messages.deleteRecipeUpdate, () => answer(deleted(recipe.state, Date.now())));
  registerSignals(recipe);
}

/** Signals may come with any input: a handler that throws would stall the recipe. */
function registerSignals(recipe: HandledRecipe): void {
  setHandler(messages.wakeRecipeSignal, (sent) => {
    const connectionId = readWake(sent) ?? uncheckedMessage(sent?.connectionId, MESSAGES_ARE_CHECKED);
    if (connectionId !== null) recipe.set(woken(recipe.state, connectionId, Date.now()));
  });
  setHandler(messages.jobDoneSignal, (sent) => {
    const jobId = readJobDone(sent) ?? uncheckedMessage(sent?.jobId, MESSAGES_ARE_CHECKED);
    if (jobId) recipe.take(jobsDone(recipe.state, [jobId]));
  });
  setHandler(messages.rollRecipeSignal, () => recipe.askToRoll());
}

function refuseDeleted({ status }: LiveRecipe): void {
  if (status === 'deleted') throw refusal('not_found', 'The recipe was deleted.');
}

function refuseChange(state: LiveRecipe, change: unknown): void {
  refuseDeleted(state);
  const fault = faultOfChange(change);
  if (fault !== null) throw refusal('request_invalid', fault);
}

function refuseStart(state: LiveRecipe): void {
  refuseDeleted(state);
  const unbound = Object.entries(state.bindings).find(([, binding]) => binding.connectionId === null);
  if (unbound) throw refusal('not_connected', `No connection is bound to "${unbound[0]}" (${unbound[1].app}).`);
}

function refusal(code: ErrorCode, detail: string = ERROR_CODES[code].text): ApplicationFailure {
  return ApplicationFailure.create({ message: detail, type: code, nonRetryable: true, details: [{ code, detail }] });
}
