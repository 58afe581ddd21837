/**
 * Temporal's page token as a cursor of ours: with a check over token and question, so that a garbled one, or one of another list,
 * is told apart before Temporal is asked (it would repeat the question until the deadline).
 */
import { createHash } from 'node:crypto';
import { invalidFields } from '../problems/schema-issues.js';

/** Null on the last page. */
export function cursorOf(token: Uint8Array | null | undefined, question: string): string | null {
  if (!token || token.length === 0) return null;
  return `${Buffer.from(token).toString('base64url')}.${checkOf(token, question)}`;
}

/** The token of a cursor; empty without one. Throws `request_invalid` for one that is none of this list. */
export function readCursor(cursor: string | undefined, question: string): Uint8Array {
  if (cursor === undefined) return new Uint8Array();
  const [text = '', check = ''] = cursor.split('.');
  const token = Buffer.from(text, 'base64url');
  if (check === '' || check !== checkOf(token, question)) {
    throw invalidFields([
      {
        pointer: '#/query/cursor',
        detail: 'The query parameter "cursor" is no `nextCursor` of this list with these filters.',
      },
    ]);
  }
  return token;
}

function checkOf(token: Uint8Array, question: string): string {
  return createHash('sha256').update(question).update('\n').update(token).digest('base64url').slice(0, 16);
}
