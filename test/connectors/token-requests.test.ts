import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import { HawserError } from '#domain/errors.js';
import type { Http, HttpRequest } from '#http/http.js';
import { TransportError } from '#http/transport-error.js';
import { salesforceManifest } from '#connectors/salesforce/manifest.js';
import { zendeskManifest } from '#connectors/zendesk/manifest.js';
import { exchangeCode, refreshToken } from '#auth/oauth2-authorization-code.js';
import { revokeToken } from '#auth/revoke-token.js';

/** An Http that answers from a list and keeps what it was asked. */
function scripted(...answers: ({ status: number; text: string; headers?: Record<string, string> } | Error)[]) {
  const asked: HttpRequest[] = [];
  const send: Http['send'] = async (request) => {
    if (request.signal?.aborted) throw new TransportError('before_first_byte', 'aborted', 'aborted');
    const answer = answers.shift();
    if (answer instanceof HawserError) throw answer;
    request.onFirstByte?.();
    asked.push(request);
    if (!answer) throw new Error('No answer left.');
    if (answer instanceof Error) throw answer;
    return { headers: {}, ...answer, at: 1_000 };
  };
  const http: Http = { send, fetch: () => Promise.reject(new Error('unused')), close: async () => undefined };
  return { http, asked };
}

const good = {
  status: 200,
  text: '{"access_token":"at-2","refresh_token":"rt-2","token_type":"bearer","expires_in":1800,"scope":"read write"}',
};
const client = { clientId: 'id:1', clientSecret: 's&cret' };
const salesforce = { manifest: salesforceManifest, settings: { environment: 'sandbox' }, client };
const zendesk = { manifest: zendeskManifest, settings: { subdomain: 'acme' }, client };
const withBasic: ConnectorManifest = {
  ...zendeskManifest,
  auth: { ...zendeskManifest.auth, clientAuthentication: 'client_secret_basic', tokenRequestFormat: 'form' },
};

describe('token requests', () => {
  it('exchanges a code: form, secret in the body, PKCE, redirect URI as it was', async () => {
    const { http, asked } = scripted(good);
    const answer = await exchangeCode({
      ...salesforce,
      http,
      code: 'c+1',
      verifier: 'v'.repeat(43),
      redirectUri: 'http://127.0.0.1:4400/oauth/callback',
    });
    expect(answer).toMatchObject({
      accessToken: 'at-2',
      refreshToken: 'rt-2',
      expiresInSeconds: 1800,
      scopes: ['read', 'write'],
      receivedAt: 1_000,
    });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: 'https://test.salesforce.com/services/oauth2/token',
      freshConnection: true,
      timeoutMs: 20_000,
    });
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'c+1',
      code_verifier: 'v'.repeat(43),
      redirect_uri: 'http://127.0.0.1:4400/oauth/callback',
      client_id: 'id:1',
      client_secret: 's&cret',
    });
  });

  it('exchanges without PKCE and without a secret where there is none', async () => {
    const { http, asked } = scripted(good);
    await exchangeCode({
      ...salesforce,
      client: { clientId: 'public', clientSecret: null },
      http,
      code: 'c',
      verifier: null,
      redirectUri: 'https://h.example/cb',
    });
    const body = new URLSearchParams(asked[0]!.body);
    expect([body.get('client_id'), body.has('client_secret'), body.has('code_verifier')]).toEqual([
      'public',
      false,
      false,
    ]);
  });

  it('uses the host of a My Domain', async () => {
    const { http, asked } = scripted(good);
    await refreshToken({
      ...salesforce,
      settings: { environment: 'custom', domain: 'acme--uat.sandbox.my.salesforce.com' },
      http,
      refreshToken: 'rt',
    });
    expect(asked[0]?.url).toBe('https://acme--uat.sandbox.my.salesforce.com/services/oauth2/token');
  });

  it('renews with JSON where the app wants it', async () => {
    const { http, asked } = scripted({ ...good, status: 201 });
    await refreshToken({ ...zendesk, http, refreshToken: 'rt-1' });
    expect(asked[0]).toMatchObject({
      url: 'https://acme.zendesk.com/oauth/tokens',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(asked[0]!.body!)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'rt-1',
      client_id: 'id:1',
      client_secret: 's&cret',
    });
  });

  it('authenticates by Basic where the manifest says so, form-encoded first (RFC 6749 section 2.3.1)', async () => {
    const { http, asked } = scripted(good);
    await refreshToken({ ...zendesk, manifest: withBasic, http, refreshToken: 'rt-1' });
    const headers = Object.fromEntries(
      Object.entries(asked[0]!.headers!).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(headers.authorization).toBe(`Basic ${Buffer.from('id%3A1:s%26cret').toString('base64')}`);
    expect(new URLSearchParams(asked[0]!.body).has('client_secret')).toBe(false);
  });

  it('takes odd answers: form-encoded, wrong type, no token_type', async () => {
    const { http } = scripted({
      status: 200,
      text: 'access_token=at&expires_in=60',
      headers: { 'content-type': 'text/html' },
    });
    await expect(refreshToken({ ...salesforce, http, refreshToken: 'rt' })).resolves.toMatchObject({
      accessToken: 'at',
      refreshToken: null,
      expiresInSeconds: 60,
    });
  });

  it('tells failures, without the secret that an app repeats', async () => {
    const { http } = scripted({
      status: 400,
      text: '{"error":"invalid_grant","error_description":"token SECRET-RT-123 is unknown"}',
    });
    const failure = await refreshToken({ ...salesforce, http, refreshToken: 'SECRET-RT-123' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: 'TokenFailure', kind: 'dead', code: 'grant_revoked' });
    expect(JSON.stringify(failure)).not.toContain('SECRET-RT-123');
  });

  it('sends nothing at or after send-before', async () => {
    const { http, asked } = scripted(good);
    let sent = false;
    const call = refreshToken({
      ...salesforce,
      http,
      refreshToken: 'rt',
      sendBefore: Date.now(),
      onSent: () => (sent = true),
    });
    await expect(call).rejects.toMatchObject({
      kind: 'transient',
      mayHaveBeenProcessed: false,
      evidence: { appCode: 'not_sent' },
    });
    expect([asked.length, sent]).toEqual([0, false]);
  });

  it('heeds a cancellation before the first byte only', async () => {
    const before = scripted(good);
    await expect(
      refreshToken({ ...salesforce, http: before.http, refreshToken: 'rt', signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ mayHaveBeenProcessed: false });
    const after = scripted(good);
    const controller = new AbortController();
    const call = refreshToken({
      ...salesforce,
      http: after.http,
      refreshToken: 'rt',
      signal: controller.signal,
      onSent: () => controller.abort(),
    });
    await expect(call).resolves.toMatchObject({ accessToken: 'at-2' });
    expect(after.asked[0]?.signal?.aborted).toBe(false);
  });

  it('passes on what is no matter of tokens', async () => {
    const refused = new HawserError('address_refused', 'no');
    await expect(refreshToken({ ...salesforce, http: scripted(refused).http, refreshToken: 'rt' })).rejects.toBe(
      refused,
    );
    const mine = new Error('vault');
    const call = refreshToken({
      ...salesforce,
      http: scripted(good).http,
      refreshToken: 'rt',
      onSent: () => {
        throw mine;
      },
    });
    await expect(call).rejects.toBe(mine);
  });
});

describe('revocation', () => {
  const tokens = { accessToken: 'at-1', refreshToken: 'rt-1' };

  it('RFC 7009: the refresh token, with client authentication', async () => {
    const { http, asked } = scripted({ status: 200, text: '' });
    await expect(revokeToken({ ...salesforce, http, ...tokens })).resolves.toBe('revoked');
    expect(asked[0]?.url).toBe('https://test.salesforce.com/services/oauth2/revoke');
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.body))).toMatchObject({
      token: 'rt-1',
      token_type_hint: 'refresh_token',
      client_id: 'id:1',
    });
  });

  it.each([['{"error":"invalid_token"}'], ['error=invalid_token&error_description=x']])(
    'an unknown token is as good as revoked: %s',
    async (text) => {
      await expect(revokeToken({ ...salesforce, http: scripted({ status: 400, text }).http, ...tokens })).resolves.toBe(
        'revoked',
      );
    },
  );

  it('a failing endpoint is told', async () => {
    await expect(
      revokeToken({ ...salesforce, http: scripted({ status: 503, text: '' }).http, ...tokens }),
    ).rejects.toMatchObject({ kind: 'transient' });
  });

  it('Zendesk: DELETE with bearer', async () => {
    const { http, asked } = scripted({ status: 204, text: '' });
    await expect(revokeToken({ ...zendesk, http, ...tokens })).resolves.toBe('revoked');
    expect(asked[0]).toMatchObject({
      method: 'DELETE',
      url: 'https://acme.zendesk.com/api/v2/oauth/tokens/current',
      headers: { authorization: 'Bearer at-1' },
    });
  });

  it('an expired access token is no proof that the grant is dead: it is renewed and ended', async () => {
    const { http, asked } = scripted({ status: 401, text: '{"error":"invalid_token"}' }, good, {
      status: 204,
      text: '',
    });
    await expect(revokeToken({ ...zendesk, http, ...tokens })).resolves.toBe('revoked');
    expect(asked.map(({ method, headers }) => [method, headers?.authorization])).toEqual([
      ['DELETE', 'Bearer at-1'],
      ['POST', undefined],
      ['DELETE', 'Bearer at-2'],
    ]);
    const dead = scripted({ status: 401, text: '{}' }, { status: 400, text: '{"error":"invalid_grant"}' });
    await expect(revokeToken({ ...zendesk, http: dead.http, ...tokens })).resolves.toBe('revoked');
  });

  it('a renewed token whose revocation fails is tried again: nobody else knows it', async () => {
    const { http, asked } = scripted(
      { status: 401, text: '{}' },
      good,
      { status: 503, text: '' },
      { status: 204, text: '' },
    );
    await expect(revokeToken({ ...zendesk, http, ...tokens })).resolves.toBe('revoked');
    expect(asked).toHaveLength(4);
  });

  it('an app without a way', async () => {
    const { revocation: _, ...auth } = zendeskManifest.auth;
    await expect(
      revokeToken({ ...zendesk, manifest: { ...zendeskManifest, auth }, http: scripted().http, ...tokens }),
    ).resolves.toBe('unsupported');
  });
});
