/** Fills the templates of a manifest. Pure: used by the gateway (authorize address) and by the auth strategies. */
import { HawserError } from '#domain/errors.js';
import { pointerSegment } from '#domain/json-pointer.js';
import { fitsAddress } from './leads-elsewhere.js';
import type { ConnectorManifest, OAuth2Manifest } from './manifest.js';

/**
 * Fills `{name}` from the settings, by the manifest's substitutions where it has some (a substitution may name another setting:
 * `custom` -> `{domain}`; a setting's own value is never read as a template). Throws `request_invalid` for a missing setting.
 */
export function fillTemplate(
  template: string,
  auth: OAuth2Manifest,
  settings: Record<string, string>,
  depth = 0,
): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined || value === '') {
      throw new HawserError('request_invalid', `The setting "${name}" is missing.`, { pointer: `/settings/${name}` });
    }
    // A value is a person's word: `constructor` must find nothing.
    const substitution = own(own(auth.substitutions, name), value);
    if (substitution === undefined) {
      // The manifest's pattern has seen it when it was set. A connector whose pattern is too wide must not send a token elsewhere.
      if (fitsAddress(value)) return value;
      throw new HawserError('request_invalid', `The setting "${name}" cannot be part of an address.`, {
        pointer: `/settings/${name}`,
      });
    }
    return depth < 2 ? fillTemplate(substitution, auth, settings, depth + 1) : substitution;
  });
}

const own = <T>(rows: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  rows && Object.hasOwn(rows, key) ? rows[key] : undefined;

/** Settings with defaults filled in; throws `request_invalid` naming the field for an unknown, missing or ill-formed one. */
export function checkSettings(manifest: ConnectorManifest, settings: Record<string, string>): Record<string, string> {
  const known = new Map(manifest.settings.map((field) => [field.name, field]));
  for (const name of Object.keys(settings)) {
    if (!known.has(name))
      throw new HawserError('request_invalid', `${manifest.name} has no setting "${name}".`, {
        pointer: `/settings/${pointerSegment(name)}`,
      });
  }
  const checked: Record<string, string> = {};
  for (const field of manifest.settings) {
    const value = settings[field.name] ?? field.default;
    if (value === undefined || value === '') {
      const wanted =
        field.required || (field.requiredWhen && checked[field.requiredWhen.setting] === field.requiredWhen.value);
      if (wanted)
        throw new HawserError('request_invalid', `The setting "${field.name}" (${field.label}) is required.`, {
          pointer: `/settings/${field.name}`,
        });
      continue;
    }
    if (field.options && !field.options.some((option) => option.value === value)) {
      const allowed = field.options.map((option) => option.value).join(', ');
      throw new HawserError('request_invalid', `The setting "${field.name}" must be one of: ${allowed}.`, {
        pointer: `/settings/${field.name}`,
      });
    }
    if (field.pattern && !new RegExp(field.pattern).test(value)) {
      throw new HawserError('request_invalid', `The setting "${field.name}" has a wrong form: ${field.hint}`, {
        pointer: `/settings/${field.name}`,
      });
    }
    checked[field.name] = value;
  }
  return checked;
}

/** The address to which a browser is sent for consent (RFC 6749 section 4.1.1, RFC 7636 section 4.3). Empty parameters are left out. */
export function authorizeUrl(
  auth: OAuth2Manifest,
  settings: Record<string, string>,
  request: { clientId: string; redirectUri: string; state: string; scopes: string[]; codeChallenge: string | null },
): string {
  const url = new URL(fillTemplate(auth.authorizeUrl, auth, settings));
  const parameters: Record<string, string> = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: request.scopes.join(auth.scopeSeparator),
    state: request.state,
    ...(request.codeChallenge === null ? {} : { code_challenge: request.codeChallenge, code_challenge_method: 'S256' }),
    ...auth.authorizeParameters,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== '') url.searchParams.set(name, value);
  return url.href;
}
