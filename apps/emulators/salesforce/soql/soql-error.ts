import { SalesforceError } from '../api-error.js';

/** Errors of a query show a piece of it, a caret under the place, row and column (saas-apis 2.4). */
export function soqlError(errorCode: string, query: string, position: number, text: string): SalesforceError {
  const before = query.slice(0, position);
  const row = before.split('\n').length;
  const column = position - (before.lastIndexOf('\n') + 1) + 1;
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = query.indexOf('\n', position);
  const from = Math.max(lineStart, position - 40);
  const snippet = query.slice(from, Math.min(lineEnd === -1 ? query.length : lineEnd, position + 40));
  const caret = `${' '.repeat(position - from)}^`;
  return new SalesforceError(400, errorCode, `\n${snippet}\n${caret}\nERROR at Row:${row}:Column:${column}\n${text}`);
}

export function unexpectedToken(query: string, position: number, token: string): SalesforceError {
  const text = token === '' ? "unexpected token: '<EOF>'" : `unexpected token: '${token}'`;
  return soqlError('MALFORMED_QUERY', query, position, text);
}

const advice = 'Please reference your WSDL or the describe call for the appropriate names.';

export function noSuchObject(query: string, position: number, name: string): SalesforceError {
  return soqlError(
    'INVALID_TYPE',
    query,
    position,
    `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${advice}`,
  );
}

export function noSuchColumn(query: string, position: number, name: string, object: string): SalesforceError {
  return soqlError(
    'INVALID_FIELD',
    query,
    position,
    `No such column '${name}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${advice}`,
  );
}

export function noSuchRelationship(query: string, position: number, name: string): SalesforceError {
  return soqlError(
    'INVALID_FIELD',
    query,
    position,
    `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${advice}`,
  );
}
