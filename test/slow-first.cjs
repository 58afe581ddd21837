// The order of the test files: the longest first, so that none of them runs alone at the end while the other workers have nothing to do;
// then what needs the stack, the pure ones last. Jest's own order knows the durations only where it has run before.
const Sequencer = require('@jest/test-sequencer').default;

// The slowest files, as the last lines of `npm test` name them.
const SLOWEST = [
  'kill-matrix',
  'doctor',
  'goes-on',
  'hostile-tokens',
  'paused-worker',
  'storm',
  'api',
  'job',
  'as-19-transient-refresh-failure',
  'p10-lost-worker',
  'planted-secrets',
  'p03-store-before-use',
  'as-16-herd-and-crash',
  'full-disk',
  'planted-change',
  'one-expired-token',
];

const place = ({ path }) => {
  const at = SLOWEST.findIndex((name) => path.endsWith(`/${name}.int.test.ts`));
  if (at >= 0) return at;
  return SLOWEST.length + (path.endsWith('.int.test.ts') ? 0 : 1);
};

module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    // Equals stay in Jest's order: by size, or by what it has measured.
    return super.sort(tests).toSorted((a, b) => place(a) - place(b));
  }
};
