/**
 * Who may import whom (ARCHITECTURE.md, "Who may import whom"). Closed by default: an import that no row allows fails. A row that is wider than its kin
 * says why. Tests may import anything, and nothing but tests may import them.
 */
const DOMAIN = '^libs/domain/';
const node = (...names) => `^(node:)?(${names.join('|')})$`;
const npm = (...names) => `^node_modules/(${names.join('|')})/`;

/** Pure parts of the vault: they seal, read public keys and write files with mode 0600. None of them holds a private key. */
const VAULT_PUBLIC =
  '^libs/vault/(seal|public-keyring|sealed-key-id|binding-aad|secret-file|read-keyring-setting)\\.ts$';
/**
 * What opens a sealed secret, or reads and makes private keys. (`keyring.ts` and `key-provider.ts` hold the public and the private
 * half of each type; sealing needs the public one. The gateway may not import them by itself.)
 */
const VAULT_SECRET = '^libs/vault/(open|keyring-files|reseal|generate-vault-key)\\.ts$';

/** One entry per row: [who, whom, except]. */
const ROWS = [
  ['^libs/domain/', [DOMAIN]],
  ['^libs/contract/', ['^libs/contract/', DOMAIN, npm('zod')]],
  ['^libs/connector-sdk/', ['^libs/connector-sdk/', DOMAIN, npm('zod')]],
  ['^libs/connectors/([^/]+)/', ['^libs/connectors/$1/', '^libs/connector-sdk/', DOMAIN, npm('zod')]],
  // The two lists of connectors. `manifests.ts` is data only and may be read by the gateway; `registry.ts` is for the worker.
  ['^libs/connectors/manifests\\.ts$', ['^libs/connectors/[^/]+/manifest\\.ts$', '^libs/connector-sdk/']],
  ['^libs/connectors/registry\\.ts$', ['^libs/connectors/[^/]+/[^/]+-connector\\.ts$', '^libs/connector-sdk/']],
  // Node builtins: its pool of processes (`mapping-pool.ts`), and what a process does to end with its parent.
  [
    '^libs/mapping/',
    ['^libs/mapping/', DOMAIN, npm('jsonata'), node('child_process', 'fs', 'os', 'path', 'stream', 'worker_threads')],
  ],
  ['^libs/settings/', ['^libs/settings/', DOMAIN]],
  ['^libs/telemetry/', ['^libs/telemetry/', DOMAIN, npm('pino', 'prom-client', '@opentelemetry/api'), node('http')]],
  // Node builtins: it is the one place that opens sockets, and the address policy needs `net`, `dns`, and the machine's own addresses.
  [
    '^libs/http/',
    ['^libs/http/', DOMAIN, '^libs/telemetry/', npm('undici'), node('net', 'dns', 'dns/promises', 'os', 'tls')],
  ],
  [
    '^libs/auth/',
    [
      '^libs/auth/',
      '^libs/http/',
      DOMAIN,
      '^libs/telemetry/',
      '^libs/connector-sdk/',
      npm('openid-client', 'oauth-1.0a'),
      node('crypto'),
    ],
  ],
  // Node builtins: keyring files (0600) and random key ids.
  [
    '^libs/vault/',
    ['^libs/vault/', DOMAIN, '^libs/telemetry/', npm('jose'), node('fs', 'fs/promises', 'path', 'crypto')],
  ],
  // Node builtins: hashes for ids, `isDeepStrictEqual`, pauses between repeats of an operation.
  [
    '^libs/store/',
    ['^libs/store/', DOMAIN, '^libs/telemetry/', npm('mongoose'), node('crypto', 'os', 'util', 'timers/promises')],
  ],
  // The payload key lies in a file like the vault's and is read by the same two helpers; the codec endpoint is an HTTP server of its own.
  [
    '^libs/temporal/',
    [
      '^libs/temporal/',
      DOMAIN,
      '^libs/settings/',
      '^libs/telemetry/',
      npm('@temporalio/[^/]+', 'jose'),
      '^libs/vault/(read-keyring-setting|secret-file)\\.ts$',
      node('crypto', 'path', 'http', 'net', 'tls', 'timers/promises'),
    ],
  ],
  ['^workflows/', ['^workflows/', DOMAIN, npm('@temporalio/(workflow|common)')]],
  [
    '^apps/gateway/',
    [
      '^apps/gateway/',
      '^libs/contract/',
      DOMAIN,
      '^libs/settings/',
      '^libs/telemetry/',
      '^libs/store/',
      '^libs/temporal/',
      VAULT_PUBLIC,
      // The messages and the pure views of workflows; state.ts only for the state with which an actor is born or rebuilt.
      '^workflows/[^/]+/(messages|view-of)\\.ts$',
      '^workflows/connection/state\\.ts$',
      '^libs/connectors/[^/]+/manifest\\.ts$',
      // The list of those manifests, and pure helpers of manifests (the authorize address, requirement keys).
      '^libs/connectors/manifests\\.ts$',
      '^libs/connector-sdk/',
      '^libs/mapping/(parse|trigger-fields)\\.ts$',
      // PKCE and the reading of a callback's query: pure, no client secret, no openid-client, no socket.
      '^libs/auth/(pkce|authorization-response|consent-error)\\.ts$',
      npm(
        '@nestjs/[^/]+',
        '@fastify/[^/]+',
        'fastify',
        'rxjs',
        'reflect-metadata',
        'zod',
        '@temporalio/(client|common)',
      ),
      // `fs`, `path` and `net`: its settings, the pages of the connect link and its public key.
      node('crypto', 'path', 'fs', 'net', 'util', 'timers/promises'),
    ],
  ],
  // Node builtins: files of keys and bundle, the health port, the arguments of its commands.
  [
    '^apps/worker/',
    [
      '^apps/worker/',
      '^libs/(?!contract/)',
      '^workflows/',
      npm('@temporalio/(worker|activity|client|common|proto)', '@nestjs/[^/]+', 'reflect-metadata', 'rxjs'),
      node('fs', 'path', 'crypto', 'http', 'net', 'util', 'timers/promises'),
    ],
  ],
  ['^apps/web/', ['^apps/web/', '^libs/contract/', npm('react', 'react-dom', '@tanstack/[^/]+', 'zod')]],
  // Stand-ins for vendors: nothing of ours. They start themselves (swc, child process) so that the stack needs no build for them.
  [
    '^apps/emulators/',
    [
      '^apps/emulators/',
      npm('fastify', '@fastify/[^/]+', 'oidc-provider', '@swc/core'),
      node('child_process', 'crypto', 'fs', 'http', 'net', 'os', 'path', 'readline', 'timers/promises'),
    ],
  ],
  // Across processes.
  ['^test/', ['.*']],
  ['\\.test\\.ts$', ['.*']],
];

module.exports = {
  allowedSeverity: 'error',
  allowed: ROWS.map(([from, to]) => ({ from: { path: from }, to: { path: to } })),
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'gateway-never-opens',
      comment: 'The gateway can seal and can never open: not by itself and not through anything that it imports.',
      severity: 'error',
      from: { path: '^apps/gateway/' },
      to: { path: VAULT_SECRET, reachable: true },
    },
    {
      name: 'gateway-never-sends',
      comment: 'HTTP in, Temporal out: tokens are fetched and apps are called by the worker only.',
      severity: 'error',
      from: { path: '^apps/gateway/' },
      to: { path: '^libs/http/|node_modules/(undici|openid-client)/', reachable: true },
    },
    {
      name: 'mappings-run-apart',
      comment: "Tenants' expressions are computed in the pool's processes; no process of ours computes them by itself.",
      severity: 'error',
      from: { path: '^(apps/|libs/mapping/mapping-pool)', pathNot: '\\.test\\.ts$' },
      to: { path: '^libs/mapping/(evaluate|mapping-child)\\.ts$', reachable: true },
    },
    {
      name: 'workflows-stay-pure',
      comment: 'Not through the domain either: no builtin, no zod, no database reaches the workflow sandbox.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(libs/(?!domain/)|apps/|node_modules/(zod|mongoose|@nestjs)/)', reachable: true },
    },
    {
      name: 'no-tests-in-code',
      severity: 'error',
      from: { path: '^(apps|libs|workflows)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^test/|\\.test\\.ts$' },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // The test of these walls runs on a copy whose node_modules is a link.
    preserveSymlinks: true,
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'require', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
