/** A recipe is data: trigger, steps, mappings, bindings. */

export interface TriggerDefinition {
  /** Name of the binding whose connection the trigger reads. */
  binding: string;
  /** Trigger of that connector, such as `new_or_updated_account`. */
  operation: string;
  /** Plain values, such as `since`. */
  input: Record<string, unknown>;
  /** Seconds between two looks that find nothing new. Absent: as the connector has it. */
  intervalSeconds?: number | undefined;
}

export interface StepDefinition {
  /** Unique within the recipe; names the step's output in mappings (`steps.<id>`). */
  id: string;
  binding: string;
  operation: string;
  /** Field of the action -> JSONata expression over `{ trigger, steps, job }`. */
  input: Record<string, string>;
}

export interface RecipeDefinition {
  trigger: TriggerDefinition;
  steps: StepDefinition[];
  /** How many jobs run side by side; jobs of one record always run in order. */
  concurrency: number;
}

/** Binding name -> app and the connection bound to it (null: none yet). */
export type RecipeBindings = Record<string, { app: string; connectionId: string | null }>;

/** One occurrence of a trigger. Its identity is recipe, instance, record id and change stamp. */
export interface TriggerEvent {
  recordId: string;
  stamp: string;
  data: Record<string, unknown>;
  /** The record was too large to be carried: `data` is not what it holds, and it must be read before a step may run. */
  unread?: boolean;
}

/** Something that a job's reader should know although the job goes on. */
export interface JobWarning {
  code: 'field_unavailable';
  /** Field of the event. */
  field: string;
  text: string;
}
