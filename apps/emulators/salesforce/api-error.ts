export interface ErrorRow {
  message: string;
  errorCode: string;
  fields?: string[];
}

/** An answer of the REST API: the body is an array of rows (saas-apis 2.4). */
export class SalesforceError extends Error {
  readonly rows: ErrorRow[];

  constructor(
    readonly status: number,
    errorCode: string,
    message: string,
    fields?: string[],
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.rows = [fields ? { message, errorCode, fields } : { message, errorCode }];
  }
}

export function notFound(message = 'The requested resource does not exist'): SalesforceError {
  return new SalesforceError(404, 'NOT_FOUND', message);
}
