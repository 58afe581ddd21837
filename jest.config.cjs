// Plain CommonJS Jest with SWC over all of node_modules: several packages are ESM only (openid-client, jose, Nest 12).
module.exports = {
  testEnvironment: 'node',
  // Tests across processes mostly wait: three side by side keep two cores busy.
  maxWorkers: 3,
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
  transformIgnorePatterns: [],
};
