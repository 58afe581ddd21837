/** The task queue of renewals alone. The actor names it, the workers serve it with few slots. */
export const RENEWALS_TASK_QUEUE = 'renewals';
