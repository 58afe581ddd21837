/** The walls of ARCHITECTURE.md: the tree keeps them, and each planted violation is caught. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const CRUISER = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const TREES = ['apps', 'libs', 'workflows'];

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

/** Runs dependency-cruiser; resolves with everything that it complains of. */
function cruise(folder: string, targets: string[]): Promise<Violation[]> {
  const args = [CRUISER, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...targets];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (stdout === '') return reject(new Error(`dependency-cruiser gave no answer: ${stderr || String(error)}`));
      const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
      resolve(summary.violations);
    });
  });
}

test('the tree keeps the walls', async () => {
  const violations = await cruise(ROOT, TREES);
  expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
}, 120_000);

/** [where, what it imports, the rule that must catch it]. */
const PLANTED: [string, string, string][] = [
  [
    'workflows/connection/planted-store.ts',
    "import { connectStore } from '#store/connect-store.js';\nexport const x = connectStore;",
    'not-in-allowed',
  ],
  ['workflows/connection/planted-zod.ts', "import { z } from 'zod';\nexport const x = z;", 'not-in-allowed'],
  [
    'workflows/connection/planted-type.ts',
    "import type { CredentialVault } from '../../apps/worker/vault/credential-vault.js';\nexport type X = CredentialVault;",
    'not-in-allowed',
  ],
  [
    'workflows/connection/planted-fs.ts',
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;",
    'not-in-allowed',
  ],
  [
    'apps/gateway/planted-open.ts',
    "import { createOpener } from '#vault/open.js';\nexport const x = createOpener;",
    'gateway-never-opens',
  ],
  [
    'apps/gateway/planted-keys.ts',
    "import { readPrivateKeyring } from '#vault/keyring-files.js';\nexport const x = readPrivateKeyring;",
    'gateway-never-opens',
  ],
  [
    'apps/gateway/planted-auth.ts',
    "import { refreshToken } from '#auth/oauth2-authorization-code.js';\nexport const x = refreshToken;",
    'not-in-allowed',
  ],
  [
    'apps/gateway/planted-http.ts',
    "import { createHttp } from '#http/create-http.js';\nexport const x = createHttp;",
    'gateway-never-sends',
  ],
  [
    'apps/gateway/planted-workflow.ts',
    "import { connectionWorkflow } from '#workflows/connection/workflow.js';\nexport const x = connectionWorkflow;",
    'not-in-allowed',
  ],
  [
    'apps/gateway/planted-transition.ts',
    "import { transition } from '#workflows/connection/transition.js';\nexport const x = transition;",
    'not-in-allowed',
  ],
  [
    'apps/gateway/planted-registry.ts',
    "import { connectors } from '#connectors/registry.js';\nexport const x = connectors;",
    'not-in-allowed',
  ],
  [
    'apps/gateway/planted-worker.ts',
    "import type { CredentialVault } from '../worker/vault/credential-vault.js';\nexport type X = CredentialVault;",
    'not-in-allowed',
  ],
  [
    'apps/worker/planted-contract.ts',
    "import { endpoints } from '#contract/endpoints.js';\nexport const x = endpoints;",
    'not-in-allowed',
  ],
  [
    'apps/worker/planted-mapping.ts',
    "import { evaluateMappings } from '#mapping/evaluate.js';\nexport const x = evaluateMappings;",
    'mappings-run-apart',
  ],
  ['apps/worker/planted-socket.ts', "import { request } from 'undici';\nexport const x = request;", 'not-in-allowed'],
  [
    'apps/emulators/planted-domain.ts',
    "import { mintId } from '#domain/ids.js';\nexport const x = mintId;",
    'not-in-allowed',
  ],
  [
    'libs/connectors/salesforce/planted-other.ts',
    "import { zendeskManifest } from '../zendesk/manifest.js';\nexport const x = zendeskManifest;",
    'not-in-allowed',
  ],
  [
    'libs/connectors/salesforce/planted-store.ts',
    "import { connectStore } from '#store/connect-store.js';\nexport const x = connectStore;",
    'not-in-allowed',
  ],
  [
    'libs/connectors/salesforce/planted-fs.ts',
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;",
    'not-in-allowed',
  ],
  [
    'libs/auth/planted-store.ts',
    "import { connectStore } from '#store/connect-store.js';\nexport const x = connectStore;",
    'not-in-allowed',
  ],
  ['libs/domain/planted-zod.ts', "import { z } from 'zod';\nexport const x = z;", 'not-in-allowed'],
  ['libs/domain/planted-mongoose.ts', "import mongoose from 'mongoose';\nexport const x = mongoose;", 'not-in-allowed'],
  [
    'libs/mapping/planted-http.ts',
    "import { createHttp } from '#http/create-http.js';\nexport const x = createHttp;",
    'not-in-allowed',
  ],
  [
    'libs/utils/planted-new-folder.ts',
    "import { mintId } from '#domain/ids.js';\nexport const x = mintId;",
    'not-in-allowed',
  ],
  [
    'apps/worker/planted-test.ts',
    "import { NOW } from '../../test/support/connection-states.js';\nexport const x = NOW;",
    'no-tests-in-code',
  ],
  [
    'libs/domain/planted-nowhere.ts',
    "import { x } from './there-is-no-such-file.js';\nexport const y = x;",
    'unresolvable',
  ],
];

interface Detour {
  file: string;
  line: string;
  from: RegExp;
  rule: string;
}

/** Ways round a wall: the forbidden thing is reached through a file that may be imported. One cruise per list. */
const DETOURS: Detour[][] = [
  [
    {
      file: 'libs/vault/seal.ts',
      line: "export * from './open.js';",
      from: /^apps\/gateway\//,
      rule: 'gateway-never-opens',
    },
    {
      file: 'libs/auth/pkce.ts',
      line: "export * from './openid-configuration.js';",
      from: /^apps\/gateway\//,
      rule: 'gateway-never-sends',
    },
    { file: 'libs/domain/ids.ts', line: "export * from 'zod';", from: /^workflows\//, rule: 'workflows-stay-pure' },
  ],
  [
    {
      file: 'libs/temporal/data-converter.ts',
      line: "import '#vault/open.js';",
      from: /^apps\/gateway\//,
      rule: 'gateway-never-opens',
    },
  ],
];

describe('planted violations', () => {
  let copy = '';
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'hawser-walls-'));
    for (const tree of TREES)
      cpSync(join(ROOT, tree), join(copy, tree), {
        recursive: true,
        filter: (path) => !/\.test\.ts$|node_modules|\/data\//.test(relative(ROOT, path)),
      });
    mkdirSync(join(copy, 'test', 'support'), { recursive: true });
    cpSync(join(ROOT, 'test/support/connection-states.ts'), join(copy, 'test/support/connection-states.ts'));
    for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
      cpSync(join(ROOT, file), join(copy, file));
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('every direct one is caught', async () => {
    for (const [path, text] of PLANTED) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), text);
    }
    const violations = await cruise(
      copy,
      PLANTED.map(([path]) => path),
    );
    for (const [path] of PLANTED) rmSync(join(copy, path));
    const missed = PLANTED.filter(
      ([path, , rule]) => !violations.some((found) => found.from === path && found.rule.name === rule),
    );
    expect(missed.map(([path, , rule]) => `${path} (${rule})`)).toEqual([]);
  }, 120_000);

  test.each(DETOURS.map((detours) => [detours.map(({ file }) => file).join(', '), detours] as const))(
    'every detour over %s is caught',
    async (_name, detours) => {
      for (const { file, line } of detours)
        writeFileSync(join(copy, file), `${readFileSync(join(ROOT, file), 'utf8')}\n${line}\n`);
      const violations = await cruise(copy, ['apps/gateway', 'workflows']);
      for (const { file } of detours) cpSync(join(ROOT, file), join(copy, file));
      const missed = detours.filter(
        ({ from, rule }) => !violations.some((found) => from.test(found.from) && found.rule.name === rule),
      );
      expect(missed).toEqual([]);
    },
    120_000,
  );
});
