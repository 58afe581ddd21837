/** A sealed secret and what it is bound to (docs/decisions.md, "Secrets"). */

/** A flattened JWE as JSON text. Made by anyone who has the public key, opened by workers only. */
export type Sealed = string & { readonly __sealed: true };

/** What a sealed secret is for. */
export type SealPurpose =
  /** `{ accessToken, refreshToken }` of a credential version. Subject: the connection. */
  | 'credential'
  /** The PKCE verifier of an attempt. Subject: the attempt. */
  | 'verifier'
  /** What the callback brought: an authorization code, or the keys and passwords of another strategy. Subject: the attempt. */
  | 'answer'
  /** The secret of an app client. Subject: the app client. */
  | 'client_secret';

/** A sealed secret opens only under the very binding it was sealed with: a document copied elsewhere is worthless. */
export interface SealBinding {
  workspaceId: string;
  /** Id of the connection, attempt or app client; its prefix tells the noun. */
  subject: string;
  purpose: SealPurpose;
  /** Version of a credential; 1 where there is only one. */
  version: number;
}
