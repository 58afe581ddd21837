/** One thing that is wrong with a recipe. */
export interface RecipeFault {
  /** JSON pointer into the request body. */
  pointer: string;
  /** Names the field and the cause. */
  detail: string;
}
