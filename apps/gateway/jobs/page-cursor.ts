/**
 * Temporal's page token as a cursor of ours. It carries a checksum, because the server answers a token that it cannot read with an
 * error that looks like a passing fault: the client would repeat it until its deadline, and the caller would wait in vain.
 */
import { createHash } from 'node:crypto';
import { invalidFields } from '../problems/schema-issues.js';

const CHECK_CHARACTERS = 8;

/** The cursor of the next page; null when this was the last. Bound to the question, so that it fits no other list. */
export function writeCursor(token: Uint8Array | null | undefined, query: string): string | null {
  if (!token?.length) return null;
  const text = Buffer.from(token).toString('base64url');
  return `${text}.${checkOf(text, query)}`;
}

/** @throws `request_invalid` for a cursor that was not given for this question. */
export function readCursor(cursor: string | undefined, query: string): Uint8Array {
  if (cursor === undefined) return new Uint8Array();
  const [text = '', check] = cursor.split('.');
  if (check !== checkOf(text, query)) {
    throw invalidFields([{ pointer: '#/query/cursor', detail: 'The query parameter "cursor" is no cursor that was given for this list. Give `nextCursor` of the page before, and the same filters.' }]);
  }
  return Buffer.from(text, 'base64url');
}

const checkOf = (text: string, query: string): string => createHash('sha256').update(`${query}\n${text}`).digest('base64url').slice(0, CHECK_CHARACTERS);
