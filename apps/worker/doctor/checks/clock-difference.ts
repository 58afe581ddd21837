import { storeClock } from '#store/probe-write.js';
import type { Check } from '../check.js';
import { problem } from '../finding.js';

/** Leases are cut 5 s before their end; polls stop 2 s before the app's clock. */
const TOLERATED_MS = 2_000;

/** Compares this machine's clock with the database's. (Temporal does not tell its own.) */
export const clockDifference: Check = {
  name: 'clock difference',
  needs: ['store'],
  async run({ store }) {
    const asked = Date.now();
    const theirs = await storeClock(store.db);
    const answered = Date.now();
    if (theirs === null) return [];
    // The server read its clock at some moment in between.
    const difference = theirs < asked ? theirs - asked : theirs > answered ? theirs - answered : 0;
    if (Math.abs(difference) <= TOLERATED_MS) return [];
    return [
      problem('clock_difference', null, {
        what: `The database's clock is ${Math.abs(difference)} ms ${difference > 0 ? 'ahead of' : 'behind'} this machine's.`,
        why: 'Ends of tokens and of attempts are absolute times: a wrong clock renews too late or gives up too early.',
        next: 'Let every machine follow a time server (NTP).',
      }),
    ];
  },
};
