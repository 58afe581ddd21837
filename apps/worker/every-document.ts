/** Walks a whole collection page by page: for rebuild, re-sealing and doctor, never on a hot path. */
import type { Page, PageWish } from '#store/list-page.js';

const PAGE = 100;

export async function* everyDocument<D>(list: (page: PageWish) => Promise<Page<D>>): AsyncGenerator<D> {
  let after: string | null = null;
  do {
    const page: Page<D> = await list({ limit: PAGE, after });
    yield* page.items;
    after = page.nextCursor;
  } while (after !== null);
}
