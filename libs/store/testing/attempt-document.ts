import { mintId } from '#domain/ids.js';
import type { AttemptDocument, Sealed } from '../documents.js';

/** An open attempt of a connection that nothing else knows; it ends later than any sweep of what is over. */
export const attemptDocument = (workspaceId: string, more: Partial<AttemptDocument> = {}): AttemptDocument => ({
  _id: mintId('attempt'),
  workspaceId,
  connectionId: mintId('connection'),
  app: 'salesforce',
  linkHash: 'aa',
  createdAt: 1,
  expiresAt: Date.now() + 3_600_000,
  status: 'open',
  revision: 0,
  scopes: ['api', 'refresh_token'],
  redirectUri: 'http://127.0.0.1/callback',
  appClientId: 'cli_1',
  cookieHash: null,
  stateHash: null,
  sealedVerifier: 'box' as Sealed,
  sealedCode: null,
  answerError: null,
  answeredAt: null,
  end: null,
  ...more,
});
