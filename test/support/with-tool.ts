/**
 * Tests that need what not every machine has. Where root and Debian's packages are at hand there is no excuse: the tool is installed, and
 * a test without it fails. Elsewhere it is counted as skipped, and its name says why.
 */
import { execFileSync } from 'node:child_process';

export interface Tool {
  /** Such as `Chromium`; the reason of a skipped test. */
  name: string;
  /** Debian's packages that bring it; empty: only root is needed. */
  packages: string[];
  /** Whether it is there now. */
  isThere(): boolean;
}

const INSTALL_LIMIT_MS = 300_000;

/** The `test` for what needs the tool. Asked when the file is loaded. */
export function withTool(tool: Tool): (name: string, run: () => Promise<void>, limitMs?: number) => void {
  if (tool.isThere()) return test;
  if (!canInstall())
    return (name) =>
      test.skip(`${name} (skipped: ${tool.name} is not here, and neither root nor Debian to install it)`, () => {}); // oxlint-disable-line no-disabled-tests -- counted as skipped, with its reason
  const failure = tryInstall(tool);
  if (tool.isThere()) return test;
  return (name) =>
    test(name, () => {
      throw new Error(`${tool.name} could not be installed (${tool.packages.join(', ') || 'no package'}): ${failure}`);
    });
}

const runs = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const canInstall = (): boolean => process.getuid?.() === 0 && runs('apt-get', '--version');

function tryInstall({ packages }: Tool): string {
  if (packages.length === 0) return 'it comes with no package';
  const apt = (...args: string[]): void =>
    void execFileSync('apt-get', ['-qq', ...args], {
      stdio: 'pipe',
      timeout: INSTALL_LIMIT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    apt('update');
    apt('install', '--yes', '--no-install-recommends', ...packages);
    return 'apt-get succeeded, but the tool is not found';
  } catch (error) {
    return (error as Error).message.slice(0, 400);
  }
}
