/** What a rerun keeps and what it does again. Pure. */
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';
import type { JobView, RerunPlan, StepRecord } from '#workflows/job/messages.js';

/** The version that is to run. */
export interface RerunTarget {
  recipeVersion: number;
  definition: RecipeDefinition;
  bindings: RecipeBindings;
}

export interface PlannedRerun extends RerunPlan {
  /** Writes that were done and do not count as done for the target: a rerun leaves them where they are, and may do them again. */
  left: StepRecord[];
}

/**
 * Done is a step of the same id, operation, binding and instance: its write stands where the target would put it.
 * `instanceOf`: instance that a connection leads to now; null = unknown.
 */
export function planRerun(
  job: JobView,
  target: RerunTarget,
  instanceOf: (connectionId: string) => string | null,
): PlannedRerun {
  const succeeded = job.steps.filter(({ status }) => status === 'succeeded');
  const kept = succeeded.filter((step) => standsIn(step, job, target, instanceOf));
  return {
    ...target,
    done: kept.map(({ id }) => id),
    left: succeeded.filter((step) => !kept.includes(step)),
  };
}

function standsIn(
  step: StepRecord,
  job: JobView,
  target: RerunTarget,
  instanceOf: (connectionId: string) => string | null,
): boolean {
  const wanted = target.definition.steps.find(({ id }) => id === step.id);
  if (!wanted || wanted.operation !== step.operation || wanted.binding !== step.binding) return false;
  const [before, after] = [bindingOf(job.bindings, step.binding), bindingOf(target.bindings, step.binding)];
  if (before === undefined || before.app !== after?.app || after.connectionId === null) return false;
  if (step.connectionId === null) return false;
  // Older records do not say the instance: then the connection stands for it.
  if (step.instanceId === undefined && step.connectionId === after.connectionId) return true;
  const instance = step.instanceId ?? instanceOf(step.connectionId);
  return instance !== null && instance === instanceOf(after.connectionId);
}

const bindingOf = (bindings: RecipeBindings, name: string): RecipeBindings[string] | undefined =>
  Object.hasOwn(bindings, name) ? bindings[name] : undefined;

/** The recipe's bindings; where it has none yet, or the job has one that the recipe has given up, the job's. */
export function bindingsFor(job: RecipeBindings, recipe: RecipeBindings): RecipeBindings {
  const merged = { ...job, ...recipe };
  return Object.fromEntries(
    Object.entries(merged).map(([name, bound]) => {
      const before = bindingOf(job, name);
      const fill = bound.connectionId === null && before?.app === bound.app;
      return [name, fill ? before : bound];
    }),
  );
}
