import type { FastifyRequest } from 'fastify';
import type { Row } from '../core/org.js';
import { ZendeskError } from './api-error.js';

export interface ListWish {
  /** Name of the list in the answer. */
  name: string;
  rows: Row[];
  /** Absolute address of the list, without query. */
  url: string;
  shape(row: Row): Row;
}

type Query = Record<string, string | undefined>;

const depth = 10_000;

function address(url: string, query: Query, changes: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...query, ...changes })) if (value !== undefined) params.set(key, value);
  const text = params.toString();
  return text === '' ? url : `${url}?${text}`;
}

/** Cursor paging when the query has `page[…]`, offset paging otherwise (saas-apis 3.6). */
export function listAnswer(request: FastifyRequest, wish: ListWish): Row {
  const query = request.query as Query;
  return Object.keys(query).some((key) => key.startsWith('page[')) ? cursorPage(query, wish) : offsetPage(query, wish);
}

function offsetPage(query: Query, wish: ListWish): Row {
  const perPage = Math.min(100, Math.max(1, Number(query.per_page ?? 100) || 100));
  const page = Math.max(1, Number(query.page ?? 1) || 1);
  if (page > 100 || page * perPage > depth) {
    // The text is not confirmed by a document (saas-apis 3.6 gives the status only).
    throw new ZendeskError(400, {
      error: 'InvalidPaginationDepth',
      description: `Limited to ${depth} records. Use cursor pagination.`,
    });
  }
  const from = (page - 1) * perPage;
  const at = (other: number): string => address(wish.url, query, { page: String(other), per_page: String(perPage) });
  return {
    [wish.name]: wish.rows.slice(from, from + perPage).map((row) => wish.shape(row)),
    next_page: from + perPage < wish.rows.length ? at(page + 1) : null,
    previous_page: page > 1 ? at(page - 1) : null,
    count: wish.rows.length,
  };
}

function encode(row: Row): string {
  return Buffer.from(JSON.stringify({ o: 'id', v: String(row.id) })).toString('base64');
}

function decode(cursor: string): number {
  try {
    const { v } = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as { v?: unknown };
    if (typeof v === 'string') return Number(v);
  } catch {
    // Falls through to the refusal.
  }
  throw new ZendeskError(400, {
    errors: [
      {
        code: 'InvalidPaginationParameter',
        title: 'Invalid pagination parameter',
        detail: 'page[after] is not a valid cursor',
      },
    ],
  });
}

function cursorPage(query: Query, wish: ListWish): Row {
  const size = Math.min(100, Math.max(1, Number(query['page[size]'] ?? 100) || 100));
  const sorted = [...wish.rows].sort((a, b) => Number(a.id) - Number(b.id));
  const { 'page[after]': after, 'page[before]': before } = query;
  let rows: Row[];
  let more: boolean;
  if (before !== undefined && before !== '') {
    const earlier = sorted.filter((row) => Number(row.id) < decode(before));
    rows = earlier.slice(-size);
    more = earlier.length > size;
  } else {
    const later = after === undefined || after === '' ? sorted : sorted.filter((row) => Number(row.id) > decode(after));
    rows = later.slice(0, size);
    more = later.length > size;
  }
  const first = rows[0];
  const last = rows.at(-1);
  const at = (name: 'page[after]' | 'page[before]', row: Row): string =>
    address(
      wish.url,
      { ...query, 'page[after]': undefined, 'page[before]': undefined },
      { [name]: encode(row), 'page[size]': String(size) },
    );
  return {
    [wish.name]: rows.map((row) => wish.shape(row)),
    meta: { has_more: more, after_cursor: last ? encode(last) : null, before_cursor: first ? encode(first) : null },
    links: {
      prev: first && (before !== undefined ? more : sorted[0] !== first) ? at('page[before]', first) : null,
      next: last && (before !== undefined || more) ? at('page[after]', last) : null,
    },
  };
}
