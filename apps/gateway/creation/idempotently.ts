/** Creations with an Idempotency-Key: the id is minted first, so that a repeat finishes the same thing. */
import { createHash } from 'node:crypto';
import type { IdempotencyStore } from '#store/idempotency-store.js';
import { ProblemError } from '../problems/problem-error.js';

export interface Creation<R> {
  workspaceId: string;
  /** Header Idempotency-Key; undefined = none was sent. */
  key: string | undefined;
  /** Method and path of the endpoint. */
  endpoint: string;
  body: unknown;
  mint(): string;
  /** Makes the thing with this id. Must be repeatable: steps that were done before are found done. */
  make(id: string): Promise<R>;
}

const KEY_FORM = /^[\x21-\x7e]{1,200}$/;

export async function idempotently<R>(store: IdempotencyStore, creation: Creation<R>): Promise<R> {
  const { workspaceId, key, mint, make } = creation;
  if (key === undefined) return make(mint());
  if (!KEY_FORM.test(key)) {
    throw new ProblemError(
      'request_invalid',
      'The header Idempotency-Key must be 1 to 200 visible ASCII characters.',
      { cure: 'Send a random UUID.' },
      { pointer: '#/header/idempotency-key' },
    );
  }
  const begun = await store.begin({ workspaceId, key, requestHash: hashOf(creation), resourceId: mint() });
  if (begun.body !== null) return JSON.parse(begun.body) as R;
  const answer = await make(begun.resourceId);
  await store.complete(workspaceId, key, { status: 201, body: JSON.stringify(answer) });
  return answer;
}

/** The body after parsing, so that white space does not matter; the order of keys does. */
function hashOf({ endpoint, body }: Creation<unknown>): string {
  return createHash('sha256').update(endpoint).update('\n').update(JSON.stringify(body)).digest('hex');
}
