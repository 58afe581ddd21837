import { authorizeUrl, checkSettings, fillTemplate } from '#connector-sdk/authorize-url.js';
import { parseRequirement } from '#connector-sdk/requirement-key.js';
import { findManifest, manifests } from './manifests.js';
import { connectors, findConnector } from './registry.js';

const settings: Record<string, Record<string, string>> = { salesforce: {}, zendesk: { subdomain: 'acme' } };

describe('registry', () => {
  it('has one manifest for every connector, and tells strangers apart', () => {
    expect(Object.keys(manifests)).toEqual(Object.keys(connectors));
    expect([findConnector('toString'), findManifest('__proto__'), findConnector('jira')]).toEqual([null, null, null]);
  });
});

describe.each(Object.entries(connectors))('%s', (app, connector) => {
  const { manifest } = connector;

  it('is named as it is registered, and its manifest is plain data', () => {
    expect(manifest.app).toBe(app);
    expect(manifests[app]).toBe(manifest);
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
  });

  it('does what its manifest says, no more and no less', () => {
    expect(Object.keys(connector.triggers).sort()).toEqual(manifest.triggers.map(({ name }) => name).sort());
    expect(Object.keys(connector.actions).sort()).toEqual(manifest.actions.map(({ name }) => name).sort());
    const picklists = new Set(manifest.picklists.map(({ name }) => name));
    for (const { input } of [...manifest.triggers, ...manifest.actions])
      for (const { picklist } of input) if (picklist) expect(picklists).toContain(picklist);
  });

  it('has a look-up for every action that may not be repeated', () => {
    for (const { name, idempotent } of manifest.actions)
      expect([name, idempotent || connector.actions[name]?.lookUp !== undefined]).toEqual([name, true]);
  });

  it('names requirements that can stand in a search attribute', () => {
    for (const key of [...manifest.triggers, ...manifest.actions].flatMap(({ requirements }) => requirements)) {
      expect(parseRequirement(key)).not.toBeNull();
      expect(key.length).toBeLessThanOrEqual(100);
    }
  });

  it('has addresses that its settings fill, over https only', () => {
    const checked = checkSettings(manifest, settings[app] ?? {});
    const { auth } = manifest;
    const consent = authorizeUrl(auth, checked, {
      clientId: 'c',
      redirectUri: 'https://h/cb',
      state: 's',
      scopes: auth.scopes,
      codeChallenge: 'x',
    });
    const urls = [
      consent,
      fillTemplate(auth.tokenUrl, auth, checked),
      ...(auth.revocation ? [fillTemplate(auth.revocation.url, auth, checked)] : []),
    ];
    for (const url of urls) expect(new URL(url).protocol).toBe('https:');
    expect(new URL(consent).searchParams.get('code_challenge_method')).toBe('S256');
  });

  it('has anchored patterns', () => {
    for (const { pattern } of manifest.settings) if (pattern) expect(pattern).toMatch(/^\^.*\$$/);
  });
});
