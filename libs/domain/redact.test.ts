import { redactSecrets, redactText } from './redact.js';

const SF = '00D5g000004abcD!AQcAQH0dMHZfz972Szmpkb58urFRkgeBGsxL_QJWwYMfAbUeeG7c1E6LYUfiDUkWe6';
const SF_REFRESH = '5Aep861TSESvWeug_xvFHRBTTbf_YrTWgEyjBJrfZ4DzsEOJmXvxGbYRUCZ6b';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2lnbmF0dXJlLXNlY3JldA';
const JWE = 'eyJhbGciOiJFQ0RILUVTIn0..aXY.Y2lwaGVydGV4dA.dGFn';
const TOKEN = 'a1B2c3D4e5F6g7H8i9J0';

describe('redaction takes the secret and leaves the rest', () => {
  it.each([
    ['bearer header', `Authorization: Bearer ${TOKEN} sent`, TOKEN, 'sent'],
    ['bearer in lower case', `authorization: bearer ${TOKEN}`, TOKEN, 'authorization'],
    ['basic header', 'Authorization: Basic dXNlcjpwYXNzd29yZA== x', 'dXNlcjpwYXNzd29yZA', ' x'],
    ['Salesforce OAuth header', `Authorization: OAuth ${SF}`, SF, 'Authorization'],
    ['Salesforce token alone', `session ${SF} is gone`, SF, 'is gone'],
    ['Salesforce token, URL-encoded', `sid%3D${encodeURIComponent(SF)}%26next%3D1`, 'AQcAQH0dMHZfz972', 'next'],
    ['Salesforce refresh token alone', `used ${SF_REFRESH}.`, SF_REFRESH, 'used'],
    ['JWT', `token is ${JWT}, refused`, 'c2lnbmF0dXJlLXNlY3JldA', 'refused'],
    ['JWE', `box ${JWE} end`, 'Y2lwaGVydGV4dA', 'end'],
    ['code in a URL', `GET /callback?code=${TOKEN}&iss=x`, TOKEN, 'iss=x'],
    ['state in a URL', `GET /callback?state=${TOKEN}&iss=x`, TOKEN, 'iss=x'],
    ['access_token in a fragment', `#access_token=${TOKEN}&token_type=b`, TOKEN, 'token_type=b'],
    ['form', `grant_type=refresh_token&refresh_token=${TOKEN}&client_id=abc`, TOKEN, 'client_id=abc'],
    ['client secret in a form', `client_secret=${TOKEN}&client_id=abc`, TOKEN, 'client_id=abc'],
    ['encoded form', `body%3Drefresh_token%3D${TOKEN}%26client_id%3Dabc`, TOKEN, 'client_id'],
    ['JSON', `{"access_token":"${TOKEN}","scope":"api"}`, TOKEN, '"scope":"api"'],
    ['JSON with spaces', `{"refresh_token" : "${TOKEN}", "scope": "api"}`, TOKEN, '"scope"'],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ access_token: TOKEN, scope: 'api' }) }), TOKEN, 'scope'],
    [
      'JSON thrice',
      JSON.stringify({ b: JSON.stringify({ b: JSON.stringify({ client_secret: TOKEN, ok: 'yes' }) }) }),
      TOKEN,
      'yes',
    ],
    ['camelCase JSON', `{"refreshToken":"${TOKEN}","ok":1}`, TOKEN, '"ok":1'],
    ['value of many parts', `{"password":"three word secret","ok":1}`, 'word secret', '"ok":1'],
    ['sealed box', `{"ciphertext":"${TOKEN}","encrypted_key":"${TOKEN}","tag":"x"}`, TOKEN, '"tag":"x"'],
    ['private JWK', `{"kty":"EC","d":"${TOKEN}${TOKEN}","x":"abc"}`, TOKEN, '"x":"abc"'],
    ['authorization code in JSON', `{"code":"aPrx${TOKEN}==","ok":1}`, TOKEN, '"ok":1'],
    ['cookie', `cookie: session=${TOKEN}; other=1`, TOKEN, 'cookie'],
    ['PEM', `-----BEGIN PRIVATE KEY-----\n${TOKEN}\n-----END PRIVATE KEY----- end`, TOKEN, 'end'],
    ['user and password of an address', `mongodb://root:${TOKEN}@db:27017/hawser`, TOKEN, 'db:27017'],
    ['text with a colon', `client_secret: ${TOKEN} was refused`, TOKEN, 'was refused'],
  ])('%s', (_name, text, secret, rest) => {
    const result = redactSecrets(text);
    expect(result).not.toContain(secret);
    expect(result).toContain('[redacted]');
    expect(result).toContain(rest);
  });

  it.each([
    'The status code is 401.',
    'INVALID_SESSION_ID: Session expired or invalid',
    '{"errorCode":"INVALID_FIELD","message":"No such column"}',
    'https://acme.my.salesforce.com/services/data/v60.0/query?q=SELECT+Id+FROM+Account',
    '{"event":"connection_lost","connectionId":"con_abc1","code":"grant_revoked","appCode":"INVALID_FIELD"}',
    'error_code=12 token_type=bearer',
  ])('leaves alone: %s', (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  it('keeps JSON a JSON, and doing it twice changes nothing', () => {
    const line = JSON.stringify({
      msg: `Bearer ${TOKEN}`,
      body: `{"access_token":"${TOKEN}"}`,
      url: `/cb?code=${TOKEN}`,
    });
    const once = redactSecrets(line);
    expect(() => JSON.parse(once) as unknown).not.toThrow();
    expect(redactSecrets(once)).toBe(once);
  });
});

describe('evidence', () => {
  it('is at most 300 characters, on one line', () => {
    const text = redactText(`line one\r\n\u0000line two ${'x'.repeat(1_000)}`);
    expect(text).toHaveLength(300);
    expect(text).toMatch(/^line one line two x+…$/);
  });

  it('takes a token that an app quotes without any name', () => {
    const quoted = 'e7da53f0c1b94a6e8d2f7b60a1c3e5f7e7da53f0c1b94a6e8d2f7b60a1c3e5f7';
    expect(redactText(`You sent ${quoted} and it is wrong`)).toBe('You sent [redacted] and it is wrong');
    expect(redactText('REQUEST_LIMIT_EXCEEDED for 001A000000abcdEFGH')).toBe(
      'REQUEST_LIMIT_EXCEEDED for 001A000000abcdEFGH',
    );
  });

  it('shows no half of a secret that stands at the cut', () => {
    const text = redactText(`${'x'.repeat(280)} access_token=${TOKEN}`, 300);
    expect(text).not.toContain(TOKEN.slice(0, 4));
  });

  it('is quick on a long hostile text', () => {
    const start = process.hrtime.bigint();
    redactText('"access_token":"'.repeat(50_000));
    redactSecrets('eyJ'.repeat(100_000));
    redactSecrets('\\'.repeat(100_000));
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(2_000);
  });
});
