/**
 * What an authorization was begun with. It holds for the attempt and then for the grant's whole life: a setting that is changed later
 * must not send a code, a refresh token or a client secret to another host. The client's *secret* is no part of it: read at each use.
 */
export interface Frozen {
  settings: Record<string, string>;
  /** Id of our app client (`cli_…`); its OAuth client id never changes. */
  appClientId: string | null;
  /** The filled addresses; absent in grants of older builds, where they follow from the settings. */
  addresses?: { token: string; revocation: string | null };
}
