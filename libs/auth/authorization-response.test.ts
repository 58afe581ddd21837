import { readAuthorizationResponse } from './authorization-response.js';

const none = { issuer: null };

describe('authorization response', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['a code', 'code=abc&state=s', { kind: 'code', code: 'abc' }],
    [
      'a code with further parameters of the app',
      'code=abc&state=s&realmId=1&realmId=2',
      { kind: 'code', code: 'abc' },
    ],
    [
      'a denial',
      'error=access_denied&error_description=end-user+denied&state=s',
      { kind: 'error', error: 'access_denied', description: 'end-user denied', denied: true },
    ],
    ['a denial as Salesforce spells it', 'error=access-denied', { kind: 'error', denied: true }],
    ['another error', 'error=invalid_scope', { kind: 'error', error: 'invalid_scope', denied: false }],
    ['a duplicate code', 'code=a&code=b', { kind: 'invalid' }],
    ['a duplicate state', 'code=a&state=s&state=t', { kind: 'invalid' }],
    ['a duplicate error', 'error=a&error=b', { kind: 'invalid' }],
    ['code and error', 'code=a&error=access_denied', { kind: 'invalid' }],
    ['nothing', 'state=s', { kind: 'invalid' }],
    ['a blank code', 'code=&state=s', { kind: 'invalid' }],
  ])('%s', (_, query, expected) => expect(readAuthorizationResponse(query, none)).toMatchObject(expected));

  it('checks iss where one is expected, before an error is believed', () => {
    const expected = { issuer: 'https://as.example' };
    expect(readAuthorizationResponse('code=a&iss=https%3A%2F%2Fas.example', expected)).toMatchObject({ kind: 'code' });
    expect(readAuthorizationResponse('code=a&iss=https%3A%2F%2Fevil.example', expected)).toMatchObject({
      kind: 'invalid',
    });
    expect(readAuthorizationResponse('code=a', expected)).toMatchObject({ kind: 'invalid' });
    expect(readAuthorizationResponse('error=access_denied&iss=https%3A%2F%2Fevil.example', expected)).toMatchObject({
      kind: 'invalid',
    });
    expect(readAuthorizationResponse('code=a&iss=https%3A%2F%2Fas.example&iss=x', expected)).toMatchObject({
      kind: 'invalid',
    });
  });
});
