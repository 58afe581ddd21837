// The order of the test files: the longest first, so that none of them runs alone at the end while the other workers have nothing to do;
// then what needs the stack, the pure ones last. Jest's own order knows the durations only where it has run before.
const Sequencer = require('@jest/test-sequencer').default;

// The slowest files, as the last lines of `npm test` name them.
const SLOWEST = [
  'doctor',
  'kill-matrix',
  'p10-no-blind-resend',
  'p10-lost-worker',
  'goes-on',
  'paused-worker',
  'api',
  'job',
  'connection-model',
  'p03-store-before-use',
  'as-16-herd-and-crash',
  'bad-token-endpoint',
  'one-expired-token',
  'recipe',
  'slow-provider',
  'walls',
  'p06-only-evidence-invalidates',
  'rerun',
  'two-clocks',
  'rebuild',
  'web-ui',
  'p05-blank-never-overwrites',
  'p01-no-secret-in-temporal',
  'last-update-wins',
  'hostile-tokens',
  'full-disk',
  'as-13-retry-once',
  'parked-jobs',
  'as-19-transient-refresh-failure',
  'planted-secrets',
];

// These hold evaluations against limits of processor time: in a process where files have run that watch promises (AsyncLocalStorage), each
// promise costs a multiple. So they come before all others.
const MEASURED = /\/libs\/mapping\//;

const place = ({ path }) => {
  if (MEASURED.test(path)) return -1;
  const at = SLOWEST.findIndex((name) => path.endsWith(`/${name}.int.test.ts`) || path.endsWith(`/${name}.test.ts`));
  if (at >= 0) return at;
  return SLOWEST.length + (path.endsWith('.int.test.ts') ? 0 : 1);
};

module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    // Equals stay in Jest's order: by size, or by what it has measured.
    return super.sort(tests).toSorted((a, b) => place(a) - place(b));
  }
};
