import { conformingBody, tokenAnswerOf } from './token-answer.js';
import { readTokenBody } from './read-token-body.js';

const AT = Date.parse('2026-11-25T10:00:00Z');
const read = (text: string) => {
  const fields = readTokenBody(text);
  return fields && tokenAnswerOf(fields, AT);
};
const json = (value: unknown) => read(JSON.stringify(value));

describe('token answers as apps send them', () => {
  it.each<[string, string, Record<string, unknown>]>([
    [
      'RFC 6749',
      '{"access_token":"at","refresh_token":"rt","token_type":"Bearer","expires_in":3600,"scope":"a b"}',
      { accessToken: 'at', refreshToken: 'rt', expiresInSeconds: 3600, scopes: ['a', 'b'] },
    ],
    [
      'Salesforce: no expires_in',
      '{"access_token":"00D!x","instance_url":"https://d.my.salesforce.com","scope":"refresh_token api id"}',
      { accessToken: '00D!x', refreshToken: null, expiresInSeconds: null, scopes: ['refresh_token', 'api', 'id'] },
    ],
    [
      'Zendesk: own life of the refresh token',
      '{"access_token":"at","refresh_token":"rt","token_type":"bearer","expires_in":1800,"refresh_token_expires_in":2592000}',
      { expiresInSeconds: 1800, refreshExpiresInSeconds: 2_592_000 },
    ],
    [
      'Zendesk: old client, null',
      '{"access_token":"at","expires_in":null,"refresh_token":null}',
      { expiresInSeconds: null, refreshToken: null },
    ],
    [
      'form-encoded',
      'access_token=gho_1&scope=repo%2Cgist&token_type=bearer',
      { accessToken: 'gho_1', scopes: ['repo', 'gist'] },
    ],
    [
      'XML',
      '<?xml version="1.0"?><OAuth><access_token>a&amp;t</access_token><expires_in>60</expires_in></OAuth>',
      { accessToken: 'a&t', expiresInSeconds: 60 },
    ],
    ['expires_in as text', '{"access_token":"at","expires_in":"3600"}', { expiresInSeconds: 3600 }],
    ['negative expires_in', '{"access_token":"at","expires_in":-1}', { expiresInSeconds: null }],
    ['zero expires_in', '{"access_token":"at","expires_in":0}', { expiresInSeconds: null }],
    ['an expires_in beyond every date', '{"access_token":"at","expires_in":1e308}', { expiresInSeconds: null }],
    ['an expires_in beyond every number', '{"access_token":"at","expires_in":1e400}', { expiresInSeconds: null }],
    ['an expires_in of less than a second', '{"access_token":"at","expires_in":0.2}', { expiresInSeconds: null }],
    [
      'a point in time that is no date',
      '{"access_token":"at","expires_in":"99999999999999999999"}',
      { expiresInSeconds: null },
    ],
    [
      'more scopes than there are',
      `{"access_token":"at","scope":"${Array.from({ length: 301 }, (_, n) => `s${n}`).join(' ')}"}`,
      { scopes: null },
    ],
    ['a scope as long as a book', `{"access_token":"at","scope":"${'s'.repeat(400)}"}`, { scopes: null }],
    [
      'facts nested without end beside the tokens',
      `{"access_token":"at","refresh_token":"rt","x":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)},"y":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      { accessToken: 'at', refreshToken: 'rt' },
    ],
    ['nonsense expires_in', '{"access_token":"at","expires_in":"never"}', { expiresInSeconds: null }],
    ['a point in time in seconds', `{"access_token":"at","expires_in":${AT / 1000 + 90}}`, { expiresInSeconds: 90 }],
    ['a point in time in milliseconds', `{"access_token":"at","expires_in":${AT + 90_000}}`, { expiresInSeconds: 90 }],
    ['blank refresh token', '{"access_token":"at","refresh_token":"  "}', { refreshToken: null }],
    ['scopes with commas and blanks', '{"access_token":"at","scope":"a, b,,c a"}', { scopes: ['a', 'b', 'c'] }],
    ['scopes as a list', '{"access_token":"at","scope":["a","b"]}', { scopes: ['a', 'b'] }],
    ['no scope: not known', '{"access_token":"at"}', { scopes: null }],
    ['nested, Yammer', '{"access_token":{"token":"at","expires_at":null}}', { accessToken: 'at' }],
    [
      'nested, TikTok',
      '{"data":{"access_token":"at","refresh_token":"rt","expires_in":5}}',
      { accessToken: 'at', refreshToken: 'rt', expiresInSeconds: 5 },
    ],
    [
      'nested, Slack',
      '{"ok":true,"authed_user":{"access_token":"xoxp","scope":"chat:write"}}',
      { accessToken: 'xoxp', scopes: ['chat:write'] },
    ],
    [
      'camel case',
      '{"accessToken":"at","refreshToken":"rt","expiresIn":7}',
      { accessToken: 'at', refreshToken: 'rt', expiresInSeconds: 7 },
    ],
  ])('%s', (_, text, expected) => expect(read(text)).toMatchObject({ ...expected, receivedAt: AT }));

  it.each<[string, string]>([
    ['HTML', '<!DOCTYPE html><html><body><input name="access_token"></body></html>'],
    ['HTML without doctype', '<html><access_token>x</access_token></html>'],
    ['nothing', ''],
    ['plain text', 'Bad_OAuth_Token'],
    ['plain text with an equals sign', 'error = something went wrong'],
    ['an error', '{"error":"invalid_grant"}'],
    ['200 with ok:false', '{"ok":false,"error":"invalid_refresh_token"}'],
    ['a list', '[{"access_token":"at"}]'],
    ['a blank token', '{"access_token":""}'],
    ['a token that cannot stand in a header', '{"access_token":"at\\nx-evil: 1"}'],
    ['a token with letters that no header takes', '{"access_token":"at-\\u00e9\\ud800"}'],
    ['a broken JSON', '{"access_token":"at"'],
  ])('%s is no answer', (_, text) => expect(read(text)).toBeNull());

  it('keeps facts in raw, and no token at any depth', () => {
    const answer = json({
      access_token: 'SECRET-1',
      refresh_token: 'SECRET-2',
      id_token: 'SECRET-3',
      token_type: 'Bearer',
      signature: 'SECRET-4',
      instance_url: 'https://d.my.salesforce.com',
      id: 'https://login.salesforce.com/id/00D/005',
      issued_at: '1278448832702',
      refresh_token_expires_in: 5,
      team: { name: 'x', access_token: 'SECRET-5' },
      list: [{ name: 'y', refresh_token: 'SECRET-6' }],
    });
    expect(answer?.raw).toEqual({
      token_type: 'Bearer',
      instance_url: 'https://d.my.salesforce.com',
      id: 'https://login.salesforce.com/id/00D/005',
      issued_at: '1278448832702',
      refresh_token_expires_in: 5,
      team: { name: 'x' },
      list: [{ name: 'y' }],
    });
    expect(JSON.stringify(answer?.raw)).not.toContain('SECRET');
  });

  it('is handed to openid-client in the form of RFC 6749', () => {
    const answer = json({ accessToken: 'at', token_type: 'MAC', expires_in: '60', id_token: 'x.y.z', scope: 'a,b' })!;
    expect(JSON.parse(conformingBody(answer))).toEqual({
      access_token: 'at',
      token_type: 'bearer',
      expires_in: 60,
      scope: 'a b',
    });
  });
});
