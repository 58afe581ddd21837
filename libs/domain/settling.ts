/**
 * A token that an app issued a moment ago may be refused by parts of the app that have not heard of it yet. Within this time a refusal
 * is no evidence: it is proven again with pauses, and what was refused is repeated. Later it is.
 */
export const SETTLING_MS = 10_000;

/** Whether a credential that was obtained then may still be unknown to parts of its app. Both moments by one clock (epoch ms). */
export const isSettling = (obtainedAt: number, at: number): boolean => at - obtainedAt < SETTLING_MS;
