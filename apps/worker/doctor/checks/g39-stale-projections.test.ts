import type { ConnectionDocument } from '#store/documents.js';
import type { ConnectionView } from '#workflows/connection/messages.js';
import { difference } from './stale-projections.js';

const view = { generation: 1, revision: 9, status: 'connected', version: 2, name: 'A' } as ConnectionView;
const stored = (revision: number, status: string, version: number | null, name = 'A') =>
  ({
    generation: 1,
    revision,
    name,
    state: JSON.stringify({ status, credential: version === null ? null : { version } }),
  }) as ConnectionDocument;

test.each<[string, ConnectionDocument, RegExp | null]>([
  ['an older status', stored(5, 'draft', null), /list says "draft", its actor "connected"/],
  ['an older version', stored(5, 'connected', 1), /version 1, its actor 2/],
  ['an older name', stored(5, 'connected', 2, 'Old'), /calls it "Old"/],
  ['an older revision that shows the same', stored(5, 'connected', 2), null],
  ['the same revision', stored(9, 'connected', 2), null],
  ['a newer one: that is another check', stored(12, 'invalid', 3), null],
])('g39: %s', (_name, document, expected) => {
  const found = difference(view, document);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toMatch(expected);
});
