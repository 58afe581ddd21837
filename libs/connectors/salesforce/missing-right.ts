/** Which right an error complains of (README.md, "Errors"). Objects and fields that a user may not see are, to the API, not there. */
import type { AppRequest } from '#connector-sdk/connector.js';
import { requirementKey } from '#connector-sdk/requirement-key.js';
import { addressedBy } from './endpoints.js';
import type { SaidError } from './said-error.js';

/** The requirement key, or null when the error is none of this kind. */
export function missingRightOf(request: AppRequest, said: SaidError): string | null {
  switch (said.code) {
    case 'INVALID_TYPE': {
      const object = /sObject type '([^']+)' is not supported/.exec(said.message)?.[1];
      return object ? ofObject(request, object) : fallback(request);
    }
    case 'INVALID_FIELD': {
      const match = /No such column '([^']+)' on (?:entity '([^']+)'|sobject of type ([\w]+))/.exec(said.message);
      const object = match?.[2] ?? match?.[3];
      return match?.[1] && object
        ? requirementKey(`${object}.${match[1]}`, request.method === 'GET' ? 'read' : 'edit')
        : fallback(request);
    }
    case 'INVALID_FIELD_FOR_INSERT_UPDATE': {
      const object = addressedBy(request.path)?.object;
      const field = said.fields[0] ?? /create\/update fields: (\w+)/.exec(said.message)?.[1];
      return object && field ? requirementKey(`${object}.${field}`, 'edit') : fallback(request);
    }
    case 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY':
      // The same code reports a failing trigger or flow of the org, which no right cures.
      return /execution of|caused by/i.test(said.message) ? null : fallback(request);
    default:
      return said.code.startsWith('INSUFFICIENT_ACCESS') ? fallback(request) : null;
  }
}

/** The request's own requirement names the right that was wanted, where it speaks of the same object. */
function ofObject(request: AppRequest, object: string): string {
  return request.requirement?.startsWith(`${object}:`) ? request.requirement : requirementKey(object, 'read');
}

function fallback(request: AppRequest): string {
  if (request.requirement) return request.requirement;
  const right = request.method === 'GET' ? 'read' : request.method === 'POST' ? 'create' : 'edit';
  return requirementKey(addressedBy(request.path)?.object ?? 'record', right);
}
