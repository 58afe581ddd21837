import { probeWrite } from '#store/probe-write.js';
import type { Check } from '../check.js';
import { problem } from '../finding.js';

export const storeWritable: Check = {
  name: 'database takes writes',
  needs: ['store'],
  async run({ store }) {
    try {
      await probeWrite(store.db);
      return [];
    } catch (error) {
      return [
        problem('store_not_writable', null, {
          what: `MongoDB answers, but takes no write: ${error instanceof Error ? error.message : String(error)}`,
          why: 'No credential can be renewed: a token is spent only when its intent could be written first.',
          next: 'Look for a full disk, a read-only user, or a replica set without a primary.',
        }),
      ];
    }
  },
};
