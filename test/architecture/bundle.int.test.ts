/** The workflow bundle: deterministic code only, small, and it bundles from the sources as well as from the build. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';

const ROOT = join(__dirname, '..', '..');
const BYTES_MAX = 2_200_000;
/** The sources always; the build where one is. */
const ENTRIES = [join(ROOT, 'workflows', 'index.ts'), join(ROOT, 'dist', 'workflows', 'index.js')].filter((path) =>
  existsSync(path),
);
const quiet = { trace() {}, debug() {}, info() {}, log() {}, warn() {}, error() {} };

test.each(ENTRIES)(
  '%s bundles, pure and small',
  async (workflowsPath) => {
    const seen = new Set<string>();
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      logger: quiet,
      webpackConfigHook: (config) => {
        const watch = {
          apply: (compiler: Compiler) =>
            compiler.hooks.compilation.tap('seen', (compilation) =>
              compilation.hooks.succeedModule.tap('seen', (module) => seen.add(module.resource ?? '')),
            ),
        };
        return { ...config, plugins: [...(config.plugins ?? []), watch as never] };
      },
    });
    const modules = [...seen].filter((path) => path !== '').map((path) => path.replace(`${ROOT}/`, ''));
    expect(modules.some((path) => /workflows\/connection\/connection-actor\./.test(path))).toBe(true);
    const strangers = modules.filter((path) => !ALLOWED.test(path));
    expect(strangers).toEqual([]);
    // The bundler puts a stub that throws in the place of a builtin.
    expect(code).not.toMatch(/require\(["']node:/);
    // The bundle carries its source map; what counts is the code of the modules.
    expect(Buffer.byteLength(code.replace(/\/\/# sourceMappingURL=.*$/s, ''))).toBeLessThan(BYTES_MAX);
  },
  120_000,
);

/**
 * The bundle's modules are loaded once for all workflows of a thread (`preloadModules` of apps/worker/workflow-bundle.ts): what one
 * workflow wrote into a module, another would read. Exported values are frozen by Temporal; what a module keeps for itself is not.
 */
test('no module of a workflow keeps a state', () => {
  const files = ['workflows', 'libs/domain'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  expect(sources.length).toBeGreaterThan(40);
  const stateful = sources.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .filter((line) => STATE_OF_MODULE.test(line))
      .map((line) => `${file}: ${line}`),
  );
  expect(stateful).toEqual([]);
  expect(STATE_OF_MODULE.test('let count = 0;')).toBe(true);
  expect(STATE_OF_MODULE.test('const seen = new Map<string, number>();')).toBe(true);
});

/** `let`, an empty collection or a static field: at the beginning of a line, so of the module or of a class. */
const STATE_OF_MODULE =
  /^(export )?(let|var) |^(export )?const [^=]*= (new (Map|Set|WeakMap|WeakSet)\b[^(]*\(\)|\[\]|\{\});?$|^ {2}(private |public |protected )?static (?!readonly )\w+ *[=:;]/;

/** Our workflows, the domain words, Temporal's own code and what it brings along. */
const ALLOWED =
  /^(dist\/)?(workflows\/|libs\/(domain|temporal\/failure-converter))|^node_modules\/(@temporalio|ms|long|nexus-rpc|protobufjs|@protobufjs|assert|buffer|util)\//;

interface Compiler {
  hooks: {
    compilation: {
      tap(
        name: string,
        listener: (compilation: {
          hooks: { succeedModule: { tap(name: string, listener: (module: { resource?: string }) => void): void } };
        }) => void,
      ): void;
    };
  };
}
