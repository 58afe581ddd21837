import type { Org, Row } from '../core/org.js';

/** Remembers the rows of some objects and answers a function that brings them back: what `allOrNone` needs. */
export function snapshotOf(org: Org, objects: string[]): () => void {
  const before = objects.map((name): [string, Map<string, Row>] => [name, new Map(org.records(name).rows)]);
  return () => {
    for (const [name, old] of before) {
      const records = org.records(name);
      for (const id of [...records.rows.keys()]) if (!old.has(id)) records.delete(id);
      for (const [id, row] of old) if (records.get(id) !== row) records.set(id, row);
    }
  };
}
