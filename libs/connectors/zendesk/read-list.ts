/** Reads a whole list by cursor pages (README.md, "Data"); a page whose answer is larger than our limit is halved. */
import { z } from 'zod';
import type { AppContext } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { isTooLarge } from '#connector-sdk/read-by-parts.js';
import { HawserError } from '#domain/errors.js';

const LARGEST_PAGE = 100;
/** The vendor allows some hundred fields; more pages than this are a loop. */
const MOST_PAGES = 500;

const pageSchema = z.object({
  meta: z.object({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish(),
});

export interface ListWish<Row> {
  path: string;
  requirement: string;
  /** For error texts: "list of user fields". */
  what: string;
  schema: z.ZodType<Row[]>;
  /** Name of the list in the answer. */
  name: string;
}

export async function readList<Row>(context: AppContext, wish: ListWish<Row>): Promise<Row[]> {
  const { path, requirement, what, name } = wish;
  const listSchema = z.object({ [name]: wish.schema });
  const rows: Row[] = [];
  let size = LARGEST_PAGE;
  let after: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query: Record<string, string> = {
      'page[size]': String(size),
      ...(after === null ? {} : { 'page[after]': after }),
    };
    try {
      const response = await context.call({ method: 'GET', path, query, requirement });
      rows.push(...((readAnswer(listSchema, response, what) as Record<string, Row[]>)[name] ?? []));
      // A list that is not paged says nothing of pages: it has come whole.
      const { meta } = pageSchema.safeParse(response.json).data ?? {};
      if (!meta?.has_more || !meta.after_cursor || meta.after_cursor === after) return rows;
      after = meta.after_cursor;
    } catch (error) {
      if (!isTooLarge(error) || size === 1) throw error;
      size = Math.floor(size / 2);
    }
  }
  throw new HawserError('app_misconfigured', `The ${what} has no end after ${MOST_PAGES} pages.`);
}
