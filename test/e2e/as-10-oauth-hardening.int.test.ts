/** AS-10: PKCE S256, and a callback that is forged, replayed, late, from another browser, or denied. */
import { createHash } from 'node:crypto';
import { callbackUrl } from '../support/callback-url.js';
import { authorize, createConnection, statusOf, SALESFORCE_ADMIN } from '../support/connect.js';
import { Browser, consent } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

const attempt = async (id: string) => hawser.api.ok('POST', `/v1/connections/${id}/authorize`, {});
const attemptOf = async (id: string, attemptId: string) =>
  hawser.api.ok('GET', `/v1/connections/${id}/attempts/${attemptId}`);

test('PKCE: the challenge is S256 of a 43 to 128 character verifier, and opening the link changes nothing', async () => {
  const id = await createConnection(hawser.api, 'salesforce', 'PKCE');
  const { url, attemptId } = await attempt(id);
  const browser = new Browser();
  const first = await browser.open(url);
  await browser.open(url);
  expect((await attemptOf(id, attemptId)).status).toBe('open');
  expect(first.html).toContain('Salesforce');
  const page = await browser.submit(first);
  const authorizeUrl = browser.visited
    .map((visited) => new URL(visited))
    .find((visited) => visited.pathname.endsWith('/services/oauth2/authorize'));
  expect(authorizeUrl?.searchParams.get('code_challenge_method') ?? 'S256').toBe('S256');
  expect(authorizeUrl?.searchParams.get('code_challenge')).toMatch(/^[A-Za-z0-9_-]{43}$/);
  await consent(browser, page, SALESFORCE_ADMIN);
  await eventually('connected', async () => (await statusOf(hawser.api, id)) === 'connected');
  const challenge = authorizeUrl?.searchParams.get('code_challenge') ?? '';
  // The emulator has checked the verifier; it must stand nowhere in our logs.
  const words = hawser.logs().match(/[A-Za-z0-9._~-]{43,128}/g) ?? [];
  expect(words.some((word) => createHash('sha256').update(word).digest('base64url') === challenge)).toBe(false);
}, 60_000);

test('a callback from another browser is refused and stores nothing; the right browser may still come', async () => {
  const id = await createConnection(hawser.api, 'salesforce', 'Other browser');
  const { url, attemptId } = await attempt(id);
  const browser = new Browser();
  const callback = await callbackUrl(browser, url);
  const thief = await new Browser().open(callback);
  expect(thief.status).toBeGreaterThanOrEqual(400);
  expect((await attemptOf(id, attemptId)).status).toBe('opened');
  const right = await browser.open(callback);
  expect(right.status).toBe(200);
  await eventually('connected', async () => (await statusOf(hawser.api, id)) === 'connected');
}, 60_000);

test('a forged state, a replay by another code, and a used-up link are refused', async () => {
  const id = await createConnection(hawser.api, 'salesforce', 'Forged');
  const { url, attemptId } = await attempt(id);
  const browser = new Browser();
  const callback = new URL(await callbackUrl(browser, url));
  const forged = new URL(callback);
  forged.searchParams.set('state', `${callback.searchParams.get('state')}x`);
  expect((await browser.open(forged.href)).status).toBeGreaterThanOrEqual(400);
  const doubled = `${callback.href}&code=another`;
  expect((await browser.open(doubled)).status).toBeGreaterThanOrEqual(400);
  expect((await attemptOf(id, attemptId)).status).toBe('opened');
  expect(browser.cookieSeconds(callback.href)).toBeGreaterThan(1_000);
  expect((await browser.open(callback.href)).status).toBe(200);
  expect(browser.cookieSeconds(callback.href)).toBeLessThanOrEqual(300);
  // The same callback from the same browser repeats the signal only; another code is refused.
  expect((await browser.open(callback.href)).status).toBe(200);
  const replay = new URL(callback);
  replay.searchParams.set('code', 'stolen');
  expect((await browser.open(replay.href)).status).toBeGreaterThanOrEqual(400);
  await eventually('connected once', async () => (await hawser.api.ok('GET', `/v1/connections/${id}`)).version === 1);
  expect((await new Browser().open(url)).status).toBeGreaterThanOrEqual(400);
}, 60_000);

test('denied consent and a superseded attempt leave the connection as it was, with the reason shown', async () => {
  const id = await createConnection(hawser.api, 'salesforce', 'Denied');
  const { end } = await authorize(hawser.api, id, { ...SALESFORCE_ADMIN, decision: 'deny' });
  expect(end).toMatchObject({ outcome: 'failed', code: 'consent_denied' });
  expect(await statusOf(hawser.api, id)).toBe('draft');
  const first = await attempt(id);
  await attempt(id);
  const superseded = await eventually(
    'the first attempt to end',
    async () => (await attemptOf(id, first.attemptId)).end,
  );
  expect(superseded).toMatchObject({ outcome: 'failed', code: 'attempt_superseded' });
  expect((await new Browser().open(first.url)).status).toBeGreaterThanOrEqual(400);
}, 60_000);

test('mix-up: the code of one attempt behind the state of another, in the right browser, connects nothing', async () => {
  const browsers = [new Browser(), new Browser()];
  const ids = [
    await createConnection(hawser.api, 'salesforce', 'One'),
    await createConnection(hawser.api, 'salesforce', 'Other'),
  ];
  const attempts = await Promise.all(ids.map((id) => attempt(id)));
  const callbacks: URL[] = [];
  for (const [index, { url }] of attempts.entries()) callbacks.push(new URL(await callbackUrl(browsers[index]!, url)));
  const codes = callbacks.map((callback) => callback.searchParams.get('code') ?? '');
  for (const [index, callback] of callbacks.entries()) {
    callback.searchParams.set('code', codes[1 - index] ?? '');
    await browsers[index]!.open(callback.href);
  }
  for (const [index, id] of ids.entries()) {
    // Each code is bound to its own challenge (RFC 7636 section 1): the app refuses it. Salesforce calls that invalid_request.
    const end = await eventually(
      'the attempt to end',
      async () => (await attemptOf(id, attempts[index]?.attemptId ?? '')).end,
    );
    expect(end).toMatchObject({ outcome: 'failed', code: 'app_rejected_request' });
    expect(await statusOf(hawser.api, id)).toBe('draft');
  }
}, 60_000);
