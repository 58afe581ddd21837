// An error whose message is written for the person at the terminal: it is printed alone, without a stack.
export class ClearError extends Error {
  name = 'ClearError';
}

export function messageOf(error) {
  return error instanceof ClearError ? error.message : String(error?.stack ?? error);
}
