export class ZendeskError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(JSON.stringify(body));
  }
}

export function recordNotFound(): ZendeskError {
  return new ZendeskError(404, { error: 'RecordNotFound', description: 'Not found' });
}

export function roleTooSmall(): ZendeskError {
  const message =
    'You do not have access to this page. Please contact the account owner of this help desk for further help.';
  return new ZendeskError(403, { error: { title: 'Forbidden', message } });
}

export interface FieldProblem {
  description: string;
  error: string;
}

export function recordInvalid(details: Record<string, FieldProblem[]>): ZendeskError {
  return new ZendeskError(422, { error: 'RecordInvalid', description: 'Record validation errors', details });
}

/** A body without the object that the endpoint wants. */
export function missingParameter(name: string): ZendeskError {
  const message = `You passed an invalid value for the ${name} attribute. Invalid parameter: ${name} must be an object`;
  return new ZendeskError(400, { error: { title: 'Invalid attribute', message } });
}

export function invalidValue(description: string): ZendeskError {
  return new ZendeskError(400, { error: 'InvalidValue', description });
}
