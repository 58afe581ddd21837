import { hideSecretSettings } from './hide-environment.js';

/**
 * Runs an operator's command: secret settings are hidden before anything else; a failure is told by its message on stderr (a stack
 * is for developers) and gives exit code 1. A command that has told its own failure sets `process.exitCode`.
 */
export function runCommand(main: () => Promise<void>): void {
  hideSecretSettings();
  void main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
