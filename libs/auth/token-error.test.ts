import { SecretMask } from '#telemetry/secret-mask.js';
import { readTokenBody } from './read-token-body.js';
import { tokenErrorOf } from './token-error.js';
import { SendBeforePassed, tokenFailureOfTransport } from './token-transport-failure.js';
import { TransportError } from '#http/transport-error.js';

const AT = Date.parse('2026-11-25T10:00:00Z');
const fail = (status: number, text: string, headers: Record<string, string> = {}) =>
  tokenErrorOf({ status, headers, text, at: AT }, readTokenBody(text), 'refresh_token', SecretMask.of());
const word = (error: string, description = '') => JSON.stringify({ error, error_description: description });

describe('failures of the token endpoint', () => {
  it.each<[string, number, string, Record<string, unknown>]>([
    // dead: only these words are evidence
    [
      'Salesforce: dead',
      400,
      word('invalid_grant', 'expired access/refresh token'),
      { kind: 'dead', code: 'grant_revoked' },
    ],
    ['Zendesk: dead', 400, word('invalid_grant'), { kind: 'dead' }],
    ['Jira: dead with 403', 403, word('invalid_grant', 'Unknown or invalid refresh token.'), { kind: 'dead' }],
    ['Zoho: invalid_code with 200', 200, word('invalid_code'), { kind: 'dead' }],
    ['Slack: 200 with ok:false', 200, '{"ok":false,"error":"invalid_refresh_token"}', { kind: 'dead' }],
    ['GitHub, form-encoded, 200', 200, 'error=bad_refresh_token&error_description=x', { kind: 'dead' }],
    ['Salesforce: inactive user', 400, word('inactive_user'), { kind: 'dead' }],
    ['upper case', 400, word('INVALID_GRANT'), { kind: 'dead' }],
    // client: an operator
    ['invalid_client', 401, word('invalid_client'), { kind: 'client', code: 'client_rejected' }],
    ['Salesforce: invalid_client_id', 400, word('invalid_client_id', 'client identifier invalid'), { kind: 'client' }],
    ['unauthorized_client', 400, word('unauthorized_client'), { kind: 'client' }],
    ['401 without a known word', 401, '{"message":"no"}', { kind: 'client' }],
    ['Salesforce: blocked app', 400, word('OAUTH_APP_BLOCKED'), { kind: 'client' }],
    // transient, surely not processed
    [
      '429',
      429,
      '',
      { kind: 'transient', code: 'token_endpoint_unavailable', mayHaveBeenProcessed: false, retryAfterMs: 7_000 },
    ],
    ['slow_down', 400, word('slow_down'), { kind: 'transient', mayHaveBeenProcessed: false }],
    [
      'Salesforce: rate_limit_exceeded',
      400,
      word('rate_limit_exceeded'),
      { kind: 'transient', mayHaveBeenProcessed: false },
    ],
    [
      'Zoho: Access Denied when throttled',
      400,
      word('Access Denied'),
      { kind: 'transient', mayHaveBeenProcessed: false },
    ],
    [
      'temporarily_unavailable',
      503,
      word('temporarily_unavailable'),
      { kind: 'transient', mayHaveBeenProcessed: false },
    ],
    ['a firewall: HTML 403', 403, '<html>denied</html>', { kind: 'transient', mayHaveBeenProcessed: false }],
    ['HTML 401', 401, '<html>denied</html>', { kind: 'transient' }],
    [
      'unknown subdomain: 404',
      404,
      '<html></html>',
      { kind: 'transient', code: 'app_misconfigured', mayHaveBeenProcessed: false },
    ],
    ['a redirect', 302, '', { kind: 'transient', code: 'app_misconfigured' }],
    // transient, perhaps processed
    ['500', 500, '{}', { kind: 'transient', mayHaveBeenProcessed: true }],
    ['HTML 503', 503, '<html>maintenance</html>', { kind: 'transient', mayHaveBeenProcessed: false }],
    ['HTML 502', 502, '<html>bad gateway</html>', { kind: 'transient', mayHaveBeenProcessed: true }],
    [
      'a 5xx is no evidence, whatever it says',
      500,
      word('invalid_grant'),
      { kind: 'transient', mayHaveBeenProcessed: true },
    ],
    ['200 with HTML', 200, '<html>login</html>', { kind: 'transient', mayHaveBeenProcessed: true }],
    ['200 with nothing', 200, '', { kind: 'transient', mayHaveBeenProcessed: true }],
    [
      '200 without a token',
      200,
      '{"hello":1}',
      { kind: 'transient', code: 'token_answer_invalid', mayHaveBeenProcessed: true },
    ],
    // rejected
    ['invalid_request', 400, word('invalid_request'), { kind: 'rejected', code: 'app_rejected_request' }],
    ['invalid_scope', 400, word('invalid_scope'), { kind: 'rejected' }],
    ['unsupported_grant_type', 400, word('unsupported_grant_type'), { kind: 'rejected' }],
    ['an unknown word', 400, word('made_up'), { kind: 'rejected' }],
    ['400 without a word', 400, '{"a":1}', { kind: 'rejected' }],
  ])('%s', (_, status, text, expected) => expect(fail(status, text, { 'retry-after': '7' })).toMatchObject(expected));

  it('a dead code is code_rejected', () => {
    const text = word('invalid_grant');
    const failure = tokenErrorOf(
      { status: 400, headers: {}, text, at: AT },
      readTokenBody(text),
      'authorization_code',
      SecretMask.of(),
    );
    expect(failure).toMatchObject({ kind: 'dead', code: 'code_rejected' });
  });

  it('keeps evidence, shortened and without secrets', () => {
    const failure = fail(400, word('invalid_grant', `refresh_token=abcdefghijklmnop was used ${'x'.repeat(1_000)}`));
    expect(failure.evidence).toMatchObject({ at: AT, status: 400, appCode: 'invalid_grant' });
    expect(failure.evidence.appMessage).not.toContain('abcdefghijklmnop');
    expect(failure.evidence.appMessage!.length).toBeLessThanOrEqual(300);
  });

  it.each([
    [new TransportError('before_first_byte', 'refused', 'x'), false],
    [new TransportError('before_first_byte', 'timeout', 'x'), false],
    [new TransportError('after_first_byte', 'timeout', 'x'), true],
    [new TransportError('after_first_byte', 'reset', 'x'), true],
    [new SendBeforePassed(), false],
  ])('%p', (error, mayHaveBeenProcessed) => {
    expect(tokenFailureOfTransport(error, AT)).toMatchObject({ kind: 'transient', mayHaveBeenProcessed });
  });
});
