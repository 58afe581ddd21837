/** Temporal and MongoDB servers of one test's own, whose data it backs up, loses and restores. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestProcess } from '../support/child-process.js';
import { freePort } from '../support/free-port.js';

export class OwnStore {
  private constructor(
    private readonly server: TestProcess,
    private readonly folder: string,
    private readonly logs: string,
    readonly address: string,
  ) {}

  /** `folder` may be given: a file system of the test's own. */
  static async start(kind: 'temporal' | 'mongo', given?: string): Promise<OwnStore> {
    const folder = given ?? mkdtempSync(join(tmpdir(), `hawser-own-${kind}-`));
    mkdirSync(join(folder, 'data'), { recursive: true });
    const port = await freePort();
    const env = {
      ...process.env,
      OWN_SERVER: kind,
      OWN_SERVER_DATA: join(folder, 'data'),
      OWN_SERVER_PORT: String(port),
    };
    // Beside the folder, which may be a file system that is to be unmounted: the log stays open.
    const logs = mkdtempSync(join(tmpdir(), `hawser-own-${kind}-log-`));
    const server = new TestProcess({
      name: kind,
      entry: 'test/support/own-server.mjs',
      env,
      logFile: join(logs, 'log'),
      readyWord: 'READY',
    });
    const { address = '' } = await server.start();
    return new OwnStore(server, folder, logs, address);
  }

  /** Copies the data while the server stands still, as a backup must be made. */
  backUp(): Promise<void> {
    return this.whileStopped(() => this.copy('data', 'backup'));
  }

  restore(): Promise<void> {
    return this.whileStopped(() => this.copy('backup', 'data'));
  }

  lose(): Promise<void> {
    return this.whileStopped(() => {
      rmSync(join(this.folder, 'data'), { recursive: true });
      mkdirSync(join(this.folder, 'data'));
    });
  }

  async stop(): Promise<void> {
    await this.server.stop();
    for (const folder of [this.folder, this.logs]) rmSync(folder, { recursive: true, force: true });
  }

  private copy(from: string, to: string): void {
    rmSync(join(this.folder, to), { recursive: true, force: true });
    cpSync(join(this.folder, from), join(this.folder, to), { recursive: true });
  }

  private async whileStopped(change: () => void): Promise<void> {
    await this.server.stop();
    change();
    await this.server.start();
  }
}
