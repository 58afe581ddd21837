/**
 * What a connector says of itself as plain data: no function, so that the gateway may read it (docs/decisions.md, "Walls").
 * Templates: `{name}` stands for a setting of the connection (`{subdomain}`) or, in API addresses, `{instanceUrl}`.
 */
import type { RefreshPolicy } from '#domain/refresh-policy.js';

/** A field of the connection form. */
export interface SettingField {
  name: string;
  label: string;
  hint: string;
  type: 'text' | 'select';
  required: boolean;
  /** Required only while another setting has this value. */
  requiredWhen?: { setting: string; value: string };
  default?: string;
  options?: { value: string; label: string }[];
  /** Anchored regular expression that a value must match. */
  pattern?: string;
}

/** How a grant is given back at the app. */
export type Revocation =
  /** RFC 7009: POST of the token with client authentication. `refresh_token` falls back to the access token when there is none. */
  | { kind: 'rfc7009'; url: string; token: 'refresh_token' | 'access_token' }
  /**
   * A plain request that carries the access token as bearer. `gone` = statuses that mean "the whole grant was dead already".
   * A 401 is none of them: it may be an access token that has merely expired; then the grant is renewed once and asked again.
   */
  | { kind: 'bearer_request'; method: 'DELETE' | 'POST'; url: string; gone: number[] };

/**
 * What an error of the token endpoint means at this app, where RFC 6749 section 5.2 alone would read it wrong. `busy`: another request
 * with this token is under way, repeat in seconds. `network`, `hours`, `network_or_hours`: the user may not come in from here, or now;
 * the grant lives. `blocked`: an administrator of the app must allow our app there.
 */
export interface TokenErrorRule {
  /** Error words, in lower case with `_` for spaces and hyphens. */
  words: string[];
  /** All of these stand in the description, in lower case; absent = whatever it says. */
  says?: string[];
  means: 'busy' | 'network' | 'hours' | 'network_or_hours' | 'blocked';
}

export interface OAuth2Manifest {
  type: 'oauth2_authorization_code';
  /** Templates, filled from `settings` by way of `substitutions`. */
  authorizeUrl: string;
  tokenUrl: string;
  /** Absent: the app offers no way to revoke. */
  revocation?: Revocation;
  /** Template of the `iss` that the app puts into its redirect (RFC 9207); absent = it sends none. */
  issuer?: string;
  /** For select settings: setting name -> value -> replacement of `{setting}` in the templates; it may name another setting. */
  substitutions?: Record<string, Record<string, string>>;
  authorizeParameters?: Record<string, string>;
  scopes: string[];
  scopeSeparator: ' ' | ',';
  pkce: 'S256' | 'off';
  clientAuthentication: 'client_secret_post' | 'client_secret_basic';
  tokenRequestFormat: 'form' | 'json';
  /** So many approvals of one app client by one user live side by side; a further one ends the oldest. Absent: no limit is known. */
  approvalsPerUser?: number;
  /** The app's own errors; the first rule that fits counts. */
  tokenErrors?: TokenErrorRule[];
}

export interface FieldSchema {
  name: string;
  label: string;
  type: 'string' | 'number' | 'boolean' | 'datetime' | 'object' | 'array';
  required: boolean;
  hint?: string;
  /** Name of a picklist of this connector that offers the values. */
  picklist?: string;
  /** Of a `datetime`: words that stand for a moment. Dates are read as `read-moment.ts` says. */
  words?: string[];
  /** Of a text: anchored regular expression that a value must match. */
  pattern?: string;
  /** An empty value (null, an empty text) is sent and clears the field at the app. Absent: it counts as not given. */
  emptyClears?: boolean;
}

export interface TriggerManifest {
  name: string;
  label: string;
  description: string;
  input: FieldSchema[];
  /** Requirement keys, such as `Account:read`. */
  requirements: string[];
  pollIntervalMs: number;
  /** The object whose fields its events have: a recipe that reads `trigger.Name` needs `<object>.Name:read`. */
  eventObject?: string;
}

export interface ActionManifest {
  name: string;
  label: string;
  description: string;
  input: FieldSchema[];
  /** Further fields are accepted (custom fields of the app). */
  openInput: boolean;
  output: FieldSchema[];
  requirements: string[];
  /** Sending it twice does no more than once; for `keyLifeMs` only, where that is given. */
  idempotent: boolean;
  /**
   * It is idempotent by a key, which the app forgets so long after it first met it: from then on another send could do it twice, so the
   * earlier one is looked up, or its outcome is unknown. Absent: idempotent by nature, or not at all.
   */
  keyLifeMs?: number;
}

export interface ConnectorManifest {
  app: string;
  name: string;
  description: string;
  documentationUrl: string;
  settings: SettingField[];
  auth: OAuth2Manifest;
  policy: RefreshPolicy;
  triggers: TriggerManifest[];
  actions: ActionManifest[];
  picklists: { name: string; label: string; parameters: string[] }[];
}
