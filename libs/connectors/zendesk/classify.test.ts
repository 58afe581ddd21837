import type { AppRequest, AppResponse } from '#connector-sdk/connector.js';
import { classify } from './classify.js';

const READ: AppRequest = { method: 'GET', path: '/api/v2/organizations' };
const WRITE: AppRequest = {
  method: 'POST',
  path: '/api/v2/organizations/create_or_update',
  requirement: 'organizations:write',
};

function response(status: number, body: unknown, headers: Record<string, string> = {}): AppResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, text, json: typeof body === 'string' ? null : body, at: 0 };
}
const forbidden = {
  error: {
    title: 'Forbidden',
    message:
      'You do not have access to this page. Please contact the account owner of this help desk for further help.',
  },
};
const scopes = {
  error: 'Forbidden',
  description: 'You are missing the following required scopes: organizations:write, write',
};
const taken = {
  error: 'RecordInvalid',
  description: 'Record validation errors',
  details: { name: [{ description: 'Name: Acme has already been taken', error: 'DuplicateValue' }] },
};

describe('what Zendesk answers mean (README.md, "Errors")', () => {
  it.each<[string, AppRequest, AppResponse, Record<string, unknown>]>([
    [
      'dead bearer',
      WRITE,
      response(401, { error: 'invalid_token', error_description: 'The access token provided is expired' }),
      { code: 'access_token_rejected', refusedBeforeProcessing: true, appCode: 'invalid_token' },
    ],
    [
      'not authenticated',
      WRITE,
      response(401, { error: "Couldn't authenticate you" }),
      { code: 'access_token_rejected' },
    ],
    [
      'scope too small',
      WRITE,
      response(403, scopes),
      { code: 'scope_missing', requirement: 'organizations:write', refusedBeforeProcessing: true },
    ],
    [
      'scope too small, broad scopes only',
      { ...READ, requirement: 'organizations:read' },
      response(403, { error: 'Forbidden', description: 'You are missing the following required scopes: read' }),
      { code: 'scope_missing', requirement: 'organizations:read' },
    ],
    ['role too small', WRITE, response(403, forbidden), { code: 'right_missing', requirement: 'organizations:write' }],
    [
      'role too small, other shape',
      WRITE,
      response(403, { error: 'Forbidden', description: 'You do not have access to this page...' }),
      { code: 'right_missing', requirement: 'organizations:write' },
    ],
    [
      'role too small, request without requirement',
      READ,
      response(403, forbidden),
      { code: 'right_missing', requirement: 'organizations:read' },
    ],
    [
      'an edge: HTML 403',
      WRITE,
      response(403, '<html></html>', { 'content-type': 'text/html' }),
      { code: 'app_unavailable' },
    ],
    ['no record', READ, response(404, { error: 'RecordNotFound', description: 'Not found' }), { code: 'record_gone' }],
    [
      'unknown path',
      READ,
      response(404, { error: 'InvalidEndpoint', description: 'Not found' }),
      { code: 'app_misconfigured' },
    ],
    [
      'unknown subdomain, HTML',
      READ,
      response(404, '<html>No help desk at acme</html>'),
      { code: 'app_misconfigured' },
    ],
    ['unknown subdomain, nothing', READ, response(404, ''), { code: 'app_misconfigured' }],
    ['redirect', READ, response(302, ''), { code: 'app_misconfigured' }],
    [
      'invalid record',
      WRITE,
      response(422, {
        error: 'RecordInvalid',
        description: 'Record validation errors',
        details: { name: [{ description: 'Name: cannot be blank', error: 'BlankValue' }] },
      }),
      { code: 'app_rejected_request', appMessage: 'Record validation errors — Name: cannot be blank' },
    ],
    [
      'duplicate name, with its cure',
      WRITE,
      response(422, taken),
      { code: 'app_rejected_request', appMessage: expect.stringMatching(/already been taken.*external id/) },
    ],
    [
      'bad parameter',
      WRITE,
      response(400, { error: 'InvalidValue', description: 'x' }),
      { code: 'app_rejected_request' },
    ],
    [
      'g07: an earlier request with this key and other content: whatever it made stands',
      WRITE,
      response(400, { error: 'IdempotentRequestError', description: 'Request parameters are different' }),
      { code: 'outcome_unknown', refusedBeforeProcessing: true },
    ],
    [
      'newer style',
      WRITE,
      response(400, { errors: [{ code: 'InvalidX', title: 'Bad' }] }),
      { code: 'app_rejected_request', appCode: 'InvalidX', appMessage: 'Bad' },
    ],
    [
      'conflict',
      WRITE,
      response(409, { error: 'DatabaseConflict', description: 'x' }),
      { code: 'app_conflict', refusedBeforeProcessing: true },
    ],
    ['too large', WRITE, response(413, ''), { code: 'app_rejected_request' }],
    [
      'rate with Retry-After',
      WRITE,
      response(429, 'Rate limited', { 'retry-after': '12' }),
      { code: 'rate_limited', retryAfterMs: 12_000, refusedBeforeProcessing: true },
    ],
    [
      'rate without, but with a reset',
      WRITE,
      response(429, { error: 'APIRateLimitExceeded' }, { 'rate-limit-reset': '30' }),
      { code: 'rate_limited', retryAfterMs: 30_000 },
    ],
    ['rate with no header', WRITE, response(429, ''), { code: 'rate_limited' }],
    [
      'g30: maintenance: not processed (RFC 9110)',
      WRITE,
      response(503, '', { 'retry-after': '60' }),
      { code: 'app_unavailable', retryAfterMs: 60_000, refusedBeforeProcessing: true },
    ],
    ['edge 502', WRITE, response(502, '<html></html>'), { code: 'app_unavailable', refusedBeforeProcessing: false }],
    [
      '200 with an error',
      WRITE,
      response(200, { error: 'InternalError', description: 'x' }),
      { code: 'app_rejected_request', refusedBeforeProcessing: false },
    ],
    [
      '200 with a foreign page',
      WRITE,
      response(200, '<!DOCTYPE html>'),
      { code: 'app_unavailable', refusedBeforeProcessing: false },
    ],
  ])('%s', (_, request, answer, expected) =>
    expect(classify(request, answer)).toMatchObject({ kind: 'error', ...expected }),
  );

  it.each<[string, AppResponse]>([
    ['a record', response(200, { organization: { id: 1 } })],
    ['created', response(201, { organization: { id: 1 } })],
    ['deleted', response(204, '')],
  ])('%s is a proper answer', (_, answer) => expect(classify(WRITE, answer)).toEqual({ kind: 'ok' }));
});
