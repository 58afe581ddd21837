/** What an expression may read. Plain JSON. */
export interface MappingInput {
  trigger: Record<string, unknown>;
  /** Step id -> output of that step. */
  steps: Record<string, Record<string, unknown>>;
  job: { id: string; recipeId: string };
}
