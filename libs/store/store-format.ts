/** The number of the present store format. See `format-guard.ts`. */
export const STORE_FORMAT = 2;
