/** openid-client over our socket against the emulated token endpoints: PKCE, rotation, revocation, and every way to fail. */
import { exchangeCode, refreshToken } from '#auth/oauth2-authorization-code.js';
import { revokeToken } from '#auth/revoke-token.js';
import { createVerifier } from '#auth/pkce.js';
import {
  connect,
  consent,
  REDIRECT_URI,
  salesforceAdmin,
  startEmulatedApps,
  tokenCall,
  zendeskAdmin,
  type EmulatedApps,
} from './emulated-apps.js';

let apps: EmulatedApps;
beforeAll(async () => {
  apps = await startEmulatedApps();
});
afterAll(() => apps.close());
beforeEach(async () => {
  await apps.control('POST', '/reset', {});
  await apps.control('DELETE', '/faults');
});

const salesforce = () => tokenCall(apps, 'salesforce');
const zendesk = () => tokenCall(apps, 'zendesk');

describe('Salesforce', () => {
  it('gives tokens for a code with PKCE: no expires_in, scopes as granted, instance address', async () => {
    const answer = await connect(apps, salesforce(), salesforceAdmin);
    expect(answer).toMatchObject({
      expiresInSeconds: null,
      raw: { instance_url: 'https://hawser-dev.my.salesforce.com' },
    });
    expect(answer.scopes).toEqual(expect.arrayContaining(['api', 'refresh_token']));
    expect(answer.refreshToken).not.toBeNull();
    expect(JSON.stringify(answer.raw)).not.toContain(answer.accessToken);
  });

  it('refuses a wrong verifier and a used code', async () => {
    const given = await consent(apps, salesforce(), salesforceAdmin);
    const wrong = exchangeCode({ ...salesforce(), ...given, verifier: createVerifier(), redirectUri: REDIRECT_URI });
    await expect(wrong).rejects.toMatchObject({ name: 'TokenFailure', mayHaveBeenProcessed: false });
    const again = await consent(apps, salesforce(), salesforceAdmin);
    await exchangeCode({ ...salesforce(), ...again, redirectUri: REDIRECT_URI });
    await expect(exchangeCode({ ...salesforce(), ...again, redirectUri: REDIRECT_URI })).rejects.toMatchObject({
      kind: 'dead',
      code: 'code_rejected',
    });
  });

  it('renews: without rotation no new refresh token, with rotation a new one; reuse kills the family', async () => {
    const first = await connect(apps, salesforce(), salesforceAdmin);
    const plain = await refreshToken({ ...salesforce(), refreshToken: first.refreshToken! });
    expect([plain.refreshToken, plain.accessToken === first.accessToken]).toEqual([null, false]);
    await apps.control('PATCH', '/salesforce/production/policy', { rotation: true });
    const rotated = await refreshToken({ ...salesforce(), refreshToken: first.refreshToken! });
    expect(rotated.refreshToken).not.toBeNull();
    await expect(refreshToken({ ...salesforce(), refreshToken: first.refreshToken! })).rejects.toMatchObject({
      kind: 'dead',
      code: 'grant_revoked',
    });
    await expect(refreshToken({ ...salesforce(), refreshToken: rotated.refreshToken! })).rejects.toMatchObject({
      kind: 'dead',
    });
  });

  it('a wrong client is the operator’s matter', async () => {
    const { refreshToken: token } = await connect(apps, salesforce(), salesforceAdmin);
    const wrongSecret = refreshToken({
      ...salesforce(),
      client: { ...salesforce().client, clientSecret: 'wrong' },
      refreshToken: token!,
    });
    await expect(wrongSecret).rejects.toMatchObject({ kind: 'client', code: 'client_rejected' });
    const wrongId = refreshToken({
      ...salesforce(),
      client: { clientId: 'nobody', clientSecret: 'x' },
      refreshToken: token!,
    });
    await expect(wrongId).rejects.toMatchObject({ kind: 'client' });
    await expect(refreshToken({ ...salesforce(), refreshToken: token! })).resolves.toMatchObject({
      refreshToken: null,
    });
  });

  it('g21 g24: refuses for reasons that pass or that an administrator settles; afterwards the grant lives', async () => {
    const { refreshToken: token } = await connect(apps, salesforce(), salesforceAdmin);
    const renew = () => refreshToken({ ...salesforce(), refreshToken: token! });
    const cases: [object, object, object][] = [
      [{ ipRestricted: true }, { ipRestricted: false }, { code: 'network_refused' }],
      [{ outsideLoginHours: true }, { outsideLoginHours: false }, { code: 'login_restricted' }],
      [{ appAccess: 'blocked' }, { appAccess: 'allowed' }, { code: 'app_blocked', appError: 'OAUTH_APP_BLOCKED' }],
      [{ appAccess: 'not_found' }, { appAccess: 'allowed' }, { code: 'app_blocked', appError: 'app_not_found' }],
      [
        { appAccess: 'not_approved' },
        { appAccess: 'allowed' },
        { code: 'app_blocked', appError: 'invalid_app_access' },
      ],
    ];
    for (const [trouble, cure, expected] of cases) {
      await apps.control('PATCH', '/salesforce/production/policy', trouble);
      await expect(renew()).rejects.toMatchObject({ kind: 'client', mayHaveBeenProcessed: false, ...expected });
      await apps.control('PATCH', '/salesforce/production/policy', cure);
    }
    await apps.control('POST', '/faults', {
      app: 'salesforce',
      path: '/services/oauth2/token',
      kind: 'delay_after',
      delayMs: 700,
      times: 1,
    });
    const first = renew();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(renew()).rejects.toMatchObject({ kind: 'transient', code: 'connection_busy', retryAfterMs: 2_000 });
    await first;
    await expect(renew()).resolves.toMatchObject({ accessToken: expect.any(String) });
  });

  it('revokes by RFC 7009, and again', async () => {
    const { accessToken, refreshToken: token } = await connect(apps, salesforce(), salesforceAdmin);
    await expect(revokeToken({ ...salesforce(), accessToken, refreshToken: token })).resolves.toBe('revoked');
    await expect(refreshToken({ ...salesforce(), refreshToken: token! })).rejects.toMatchObject({ kind: 'dead' });
    await expect(revokeToken({ ...salesforce(), accessToken, refreshToken: token })).resolves.toBe('revoked');
  });

  it('a sandbox is another org', async () => {
    const sandbox = tokenCall(apps, 'salesforce', { environment: 'sandbox' });
    const answer = await connect(apps, sandbox, { ...salesforceAdmin, username: `${salesforceAdmin.username}.uat` });
    expect(answer.raw.instance_url).toBe('https://hawser-dev--uat.sandbox.my.salesforce.com');
    await expect(refreshToken({ ...salesforce(), refreshToken: answer.refreshToken! })).rejects.toMatchObject({
      kind: 'dead',
    });
  });
});

describe('Zendesk', () => {
  it('rotates at once: the old pair is dead', async () => {
    const first = await connect(apps, zendesk(), zendeskAdmin);
    expect(first).toMatchObject({
      expiresInSeconds: 1_800,
      refreshExpiresInSeconds: 2_592_000,
      scopes: ['read', 'write'],
    });
    const second = await refreshToken({ ...zendesk(), refreshToken: first.refreshToken! });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    await expect(refreshToken({ ...zendesk(), refreshToken: first.refreshToken! })).rejects.toMatchObject({
      kind: 'dead',
    });
    const third = await refreshToken({ ...zendesk(), refreshToken: second.refreshToken! });
    expect(third.refreshToken).not.toBeNull();
  });

  it('takes 201 and tokens without an end', async () => {
    await apps.control('PATCH', '/zendesk/acme/policy', { tokenStatus: 201, accessTokenTtlSeconds: null });
    await expect(connect(apps, zendesk(), zendeskAdmin)).resolves.toMatchObject({ expiresInSeconds: null });
  });

  it('ends the grant by DELETE, also with an expired access token', async () => {
    const first = await connect(apps, zendesk(), zendeskAdmin);
    await expect(revokeToken({ ...zendesk(), ...first })).resolves.toBe('revoked');
    await expect(refreshToken({ ...zendesk(), refreshToken: first.refreshToken! })).rejects.toMatchObject({
      kind: 'dead',
    });
    const second = await connect(apps, zendesk(), zendeskAdmin);
    await apps.control('POST', '/zendesk/acme/expire-access-tokens', {});
    await expect(revokeToken({ ...zendesk(), ...second })).resolves.toBe('revoked');
    await expect(refreshToken({ ...zendesk(), refreshToken: second.refreshToken! })).rejects.toMatchObject({
      kind: 'dead',
    });
  });

  it('an unknown subdomain is a matter of settings, not of the grant', async () => {
    const { refreshToken: token } = await connect(apps, zendesk(), zendeskAdmin);
    const lost = refreshToken({ ...tokenCall(apps, 'zendesk', { subdomain: 'nobody' }), refreshToken: token! });
    await expect(lost).rejects.toMatchObject({ kind: 'transient', code: 'app_misconfigured' });
  });
});

describe('a token endpoint in trouble', () => {
  const fault = (kind: string, more: object = {}) =>
    apps.control('POST', '/faults', {
      app: 'zendesk',
      path: '/oauth/tokens',
      grantType: 'refresh_token',
      kind,
      ...more,
    });

  it.each<[string, string, object, object]>([
    [
      '429 with Retry-After',
      'status',
      { status: 429, headers: { 'retry-after': '3' } },
      { kind: 'transient', mayHaveBeenProcessed: false, retryAfterMs: 3_000 },
    ],
    [
      '503 in HTML',
      'status',
      { status: 503, body: '<html>down</html>', headers: { 'content-type': 'text/html' } },
      { kind: 'transient', mayHaveBeenProcessed: false },
    ],
    ['200 with an error', 'status', { status: 200, body: { error: 'invalid_grant' } }, { kind: 'dead' }],
    [
      '200 with a login page',
      'status',
      { status: 200, body: '<html>login</html>', headers: { 'content-type': 'text/html' } },
      { kind: 'transient', mayHaveBeenProcessed: true },
    ],
    ['a close before the work', 'close_before', {}, { kind: 'transient', mayHaveBeenProcessed: true }],
    ['a close after the work', 'close_after', {}, { kind: 'transient', mayHaveBeenProcessed: true }],
  ])('%s', async (_, kind, more, expected) => {
    const { refreshToken: token } = await connect(apps, zendesk(), zendeskAdmin);
    await fault(kind, more);
    let sent = 0;
    await expect(refreshToken({ ...zendesk(), refreshToken: token!, onSent: () => (sent += 1) })).rejects.toMatchObject(
      expected,
    );
    expect(sent).toBe(1);
  });

  it('an answer lost after the work has spent the token: exactly what rotation must survive', async () => {
    const { refreshToken: token } = await connect(apps, zendesk(), zendeskAdmin);
    await fault('close_after');
    await expect(refreshToken({ ...zendesk(), refreshToken: token! })).rejects.toMatchObject({
      mayHaveBeenProcessed: true,
    });
    await expect(refreshToken({ ...zendesk(), refreshToken: token! })).rejects.toMatchObject({ kind: 'dead' });
  });

  it('never answers: our own time-out', async () => {
    const { refreshToken: token } = await connect(apps, zendesk(), zendeskAdmin);
    await fault('delay', { delayMs: 900, times: 2 });
    await expect(refreshToken({ ...zendesk(), refreshToken: token!, timeoutMs: 300 })).rejects.toMatchObject({
      kind: 'transient',
      mayHaveBeenProcessed: true,
    });
    // The emulator does the work after all; it must have ended before the emulators stop.
    await expect(refreshToken({ ...zendesk(), refreshToken: token!, timeoutMs: 5_000 })).rejects.toMatchObject({
      kind: 'dead',
    });
  });

  it('sends nothing after its time, and the token stays good', async () => {
    const { refreshToken: token } = await connect(apps, zendesk(), zendeskAdmin);
    await expect(
      refreshToken({ ...zendesk(), refreshToken: token!, sendBefore: Date.now() - 1 }),
    ).rejects.toMatchObject({ mayHaveBeenProcessed: false });
    await expect(refreshToken({ ...zendesk(), refreshToken: token! })).resolves.toMatchObject({
      expiresInSeconds: 1_800,
    });
  });
});
