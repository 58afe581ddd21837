import type { AppRequest, AppResponse } from '#connector-sdk/connector.js';
import { classify } from './classify.js';

const GET: AppRequest = { method: 'GET', path: '/services/data/v60.0/query', requirement: 'Account:read' };
const DESCRIBE: AppRequest = { method: 'GET', path: '/services/data/v60.0/sobjects/Account/describe' };
const CREATE: AppRequest = {
  method: 'POST',
  path: '/services/data/v60.0/sobjects/Account',
  requirement: 'Account:create',
};
const PATCH: AppRequest = { method: 'PATCH', path: '/services/data/v60.0/sobjects/Account/001000000000001AAA' };
const UPSERT: AppRequest = {
  method: 'PATCH',
  path: '/services/data/v60.0/sobjects/Account/Ext__c/42',
  requirement: 'Account:edit',
};

function response(status: number, body: unknown, headers: Record<string, string> = {}): AppResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, text, json: typeof body === 'string' ? null : body, at: 0 };
}
const rest = (errorCode: string, message = '', fields?: string[]) => [
  { errorCode, message, ...(fields ? { fields } : {}) },
];
const html = (status: number) =>
  response(status, '<html><body>Down for maintenance</body></html>', { 'content-type': 'text/html;charset=UTF-8' });

describe('what Salesforce answers mean (README.md, "Errors")', () => {
  it.each<[string, AppRequest, AppResponse, Record<string, unknown>]>([
    [
      'expired access token',
      GET,
      response(401, rest('INVALID_SESSION_ID', 'Session expired or invalid')),
      { code: 'access_token_rejected', refusedBeforeProcessing: true },
    ],
    [
      'a session that a refresh cannot cure',
      GET,
      response(401, rest('INVALID_SESSION_ID', 'This session is not valid for use with the REST API')),
      { code: 'right_missing', requirement: 'api:use' },
    ],
    [
      'no agent attached',
      GET,
      response(401, rest('INVALID_SESSION_ID', 'Connected app is not attached to Agent')),
      { code: 'right_missing', requirement: 'api:use' },
    ],
    ['401 with nothing', GET, response(401, ''), { code: 'access_token_rejected' }],
    ['identity service, plain text', GET, response(403, 'Bad_OAuth_Token'), { code: 'access_token_rejected' }],
    ['identity service, no token', GET, response(403, 'Missing_OAuth_Token'), { code: 'access_token_rejected' }],
    ['identity service, wrong org', GET, response(403, 'Wrong_Org'), { code: 'app_misconfigured' }],
    [
      'API disabled',
      GET,
      response(403, rest('API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.')),
      { code: 'right_missing', requirement: 'api:use' },
    ],
    [
      'API currently disabled',
      GET,
      response(403, rest('API_CURRENTLY_DISABLED')),
      { code: 'right_missing', requirement: 'api:use' },
    ],
    [
      'password expired',
      GET,
      response(403, rest('INVALID_OPERATION_WITH_EXPIRED_PASSWORD')),
      { code: 'right_missing', requirement: 'api:use' },
    ],
    [
      'request quota, no Retry-After',
      CREATE,
      response(403, rest('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')),
      { code: 'rate_limited', refusedBeforeProcessing: true },
    ],
    [
      'hidden object in a query',
      GET,
      response(
        400,
        rest(
          'INVALID_TYPE',
          "\nFROM Account WHERE\n     ^\nERROR at Row:1:Column:20\nsObject type 'Account' is not supported. If you are attempting to use a custom object, be sure to append the '__c'",
        ),
      ),
      { code: 'right_missing', requirement: 'Account:read' },
    ],
    [
      'hidden other object in a query',
      GET,
      response(400, rest('INVALID_TYPE', "sObject type 'Invoice__c' is not supported.")),
      { code: 'right_missing', requirement: 'Invoice__c:read' },
    ],
    [
      'hidden field in a query',
      GET,
      response(400, rest('INVALID_FIELD', "No such column 'F__c' on entity 'Lead'. If you are attempting")),
      { code: 'right_missing', requirement: 'Lead.F__c:read' },
    ],
    [
      'unknown field in a write',
      CREATE,
      response(400, rest('INVALID_FIELD', "No such column 'foo' on sobject of type Account")),
      { code: 'right_missing', requirement: 'Account.foo:edit' },
    ],
    [
      'field without edit right',
      PATCH,
      response(
        400,
        rest(
          'INVALID_FIELD_FOR_INSERT_UPDATE',
          'Unable to create/update fields: Rating. Please check the security settings',
          ['Rating'],
        ),
      ),
      { code: 'right_missing', requirement: 'Account.Rating:edit' },
    ],
    [
      'hidden object, described',
      DESCRIBE,
      response(404, rest('NOT_FOUND', 'The requested resource does not exist')),
      { code: 'right_missing', requirement: 'Account:read' },
    ],
    [
      'hidden object, created',
      CREATE,
      response(404, rest('NOT_FOUND', 'The requested resource does not exist')),
      { code: 'right_missing', requirement: 'Account:create' },
    ],
    [
      'no right to create',
      CREATE,
      response(400, rest('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'entity type cannot be inserted: Account')),
      { code: 'right_missing', requirement: 'Account:create' },
    ],
    [
      'the same code of a failing trigger',
      CREATE,
      response(
        400,
        rest('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'T: execution of BeforeInsert caused by: NullPointer'),
      ),
      { code: 'app_rejected_request' },
    ],
    [
      'no right to edit',
      PATCH,
      response(400, rest('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')),
      { code: 'right_missing', requirement: 'Account:edit' },
    ],
    [
      'the same with 403',
      PATCH,
      response(403, rest('INSUFFICIENT_ACCESS_OR_READONLY')),
      { code: 'right_missing', requirement: 'Account:edit' },
    ],
    [
      'no right on another record',
      UPSERT,
      response(400, rest('INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY')),
      { code: 'right_missing', requirement: 'Account:edit' },
    ],
    [
      'external id field hidden',
      UPSERT,
      response(404, rest('NOT_FOUND', 'Provided external ID field does not exist or is not accessible: Ext__c')),
      { code: 'right_missing', requirement: 'Account.Ext__c:read' },
    ],
    [
      'record gone',
      PATCH,
      response(404, rest('NOT_FOUND', 'The requested resource does not exist')),
      { code: 'record_gone', refusedBeforeProcessing: true },
    ],
    ['record deleted', PATCH, response(404, rest('ENTITY_IS_DELETED', 'entity is deleted')), { code: 'record_gone' }],
    ['record deleted, 400', PATCH, response(400, rest('ENTITY_IS_DELETED')), { code: 'record_gone' }],
    [
      'locked row',
      CREATE,
      response(400, rest('UNABLE_TO_LOCK_ROW')),
      { code: 'app_conflict', refusedBeforeProcessing: true },
    ],
    ['query time-out', GET, response(400, rest('QUERY_TIMEOUT')), { code: 'app_unavailable' }],
    [
      'required field',
      CREATE,
      response(400, rest('REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', ['Name'])),
      { code: 'app_rejected_request', appMessage: 'Required fields are missing: [Name]' },
    ],
    [
      'picklist value',
      CREATE,
      response(400, rest('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST')),
      { code: 'app_rejected_request' },
    ],
    [
      'validation rule',
      CREATE,
      response(400, rest('FIELD_CUSTOM_VALIDATION_EXCEPTION')),
      { code: 'app_rejected_request' },
    ],
    ['duplicate value', CREATE, response(400, rest('DUPLICATE_VALUE')), { code: 'app_rejected_request' }],
    ['duplicate rule', CREATE, response(400, rest('DUPLICATES_DETECTED')), { code: 'app_rejected_request' }],
    ['bad query', GET, response(400, rest('MALFORMED_QUERY')), { code: 'app_rejected_request' }],
    ['bad JSON', CREATE, response(400, rest('JSON_PARSER_ERROR')), { code: 'app_rejected_request' }],
    ['a code that nobody knows', CREATE, response(400, rest('SOMETHING_NEW')), { code: 'app_rejected_request' }],
    [
      'several records match',
      UPSERT,
      response(300, ['/services/data/v60.0/sobjects/Account/1', '/x/2']),
      { code: 'app_rejected_request' },
    ],
    ['retired version', GET, response(410, rest('UNSUPPORTED_API_VERSION')), { code: 'app_misconfigured' }],
    [
      'g30: too busy: not processed (RFC 9110)',
      CREATE,
      response(503, rest('SERVER_UNAVAILABLE', 'Server too busy')),
      { code: 'app_unavailable', refusedBeforeProcessing: true },
    ],
    ['g30: HTML 503', CREATE, html(503), { code: 'app_unavailable', refusedBeforeProcessing: true }],
    ['HTML 502', CREATE, html(502), { code: 'app_unavailable', refusedBeforeProcessing: false }],
    ['HTML 404', GET, html(404), { code: 'app_unavailable' }],
    ['HTML 200', GET, html(200), { code: 'app_unavailable', refusedBeforeProcessing: false }],
    [
      '500',
      CREATE,
      response(500, rest('UNKNOWN_EXCEPTION', 'An unexpected error occurred')),
      { code: 'app_unavailable', refusedBeforeProcessing: false },
    ],
    ['429', CREATE, response(429, ''), { code: 'rate_limited', refusedBeforeProcessing: true }],
    ['redirect', GET, response(302, ''), { code: 'app_misconfigured' }],
    [
      '403 that nobody knows',
      CREATE,
      response(403, rest('FUNCTIONALITY_NOT_ENABLED')),
      { code: 'right_missing', requirement: 'Account:create' },
    ],
    [
      '200 with success false',
      CREATE,
      response(200, {
        success: false,
        errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', message: 'Name', fields: [] }],
      }),
      { code: 'app_rejected_request' },
    ],
  ])('%s', (_, request, answer, expected) =>
    expect(classify(request, answer)).toMatchObject({ kind: 'error', ...expected }),
  );

  it.each<[string, AppResponse]>([
    ['a list of records', response(200, { totalSize: 0, done: true, records: [] })],
    ['created', response(201, { id: '001', success: true, errors: [] })],
    ['nothing', response(204, '')],
    ['not modified', response(304, '')],
    ['a list', response(200, [{ label: 'x', errorCode: undefined }])],
  ])('%s is a proper answer', (_, answer) => expect(classify(GET, answer)).toEqual({ kind: 'ok' }));

  it('never names a requirement longer than 100 characters', () => {
    const judged = classify(
      CREATE,
      response(400, rest('INVALID_FIELD', `No such column '${'x'.repeat(300)}' on sobject of type Account`)),
    );
    expect(judged.kind === 'error' && judged.requirement!.length).toBeLessThanOrEqual(100);
  });
});

describe("words of the app that are names of every object's own", () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    '%s is an unknown code like any other',
    (word) => {
      const known = { kind: 'error', code: 'app_rejected_request', refusedBeforeProcessing: true };
      expect(classify(GET, response(400, rest(word)))).toMatchObject(known);
      expect(classify(GET, response(400, word))).toMatchObject({
        kind: 'error',
        code: 'app_unavailable',
        refusedBeforeProcessing: false,
      });
    },
  );
});
