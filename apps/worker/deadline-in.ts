/** The deadline of a call to Temporal: gRPC compares it with this machine's own clock, and nobody else reads it. */
export const deadlineIn = (ms: number): number => Date.now() + ms;
