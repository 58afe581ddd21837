// Plain CommonJS Jest with SWC over node_modules too: several packages are ESM only (openid-client, jose, Nest 12), and others import them
// at run time. The large ones that are CommonJS through and through are loaded as they are: to transform all takes half a minute of
// processor time in a fresh clone.
const PLAIN = [
  '@grpc',
  '@protobufjs',
  '@swc',
  '@temporalio',
  '@webassemblyjs',
  'jsonata',
  'memfs',
  'protobufjs',
  'rxjs',
  'webpack',
];

module.exports = {
  testEnvironment: 'node',
  // Tests across processes mostly wait: four side by side keep two cores busy.
  maxWorkers: 4,
  // Patience, not a measure: on a loaded machine even a pure test may wait for its turn longer than Jest's 5 s.
  testTimeout: 30_000,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/workflows', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testSequencer: '<rootDir>/test/slow-first.cjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/fail-on-broken-runs.ts'],
  cacheDirectory: '<rootDir>/.cache/jest',
  testEnvironmentOptions: { customExportConditions: ['source', 'require', 'node', 'node-addons', 'default'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'] },
  transform: {
    '^.+\\.(ts|m?js)$': ['@swc/jest', require('./scripts/stack/swc-options.cjs')],
  },
  transformIgnorePatterns: [`/node_modules/(${PLAIN.join('|')})/`],
};
