/** One Hawser that is lent to one test file after the other: between two of them it is cleaned, so that nobody finds what another left. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connectStore, type Store } from '#store/connect-store.js';
import { createWorkspace } from '../../apps/gateway/workspaces/create-workspace.js';
import { startHawser, type Hawser, type HawserOptions } from '../support/start-hawser.js';
import { endOpenRuns } from './end-open-runs.js';
import type { Loan } from './loan.js';

/** What a test file may wish for. Everything else needs a stack of its own. */
export const KINDS = {
  /** As a test's Hawser is. */
  plain: {},
  /** Leases are believed for half a second, and no request to an app outlives three. */
  brief: { HAWSER_LEASE_MS: '500', HAWSER_REQUEST_MS: '3000' },
} satisfies Record<string, HawserOptions['env']>;
export type Kind = keyof typeof KINDS;

export class Lane {
  private loans = 0;

  private constructor(
    readonly id: string,
    readonly kind: Kind,
    private readonly hawser: Hawser,
    private readonly store: Store,
  ) {}

  static async start(id: string, kind: Kind): Promise<Lane> {
    const hawser = await startHawser('it is lent to the test files', { env: KINDS[kind] });
    return new Lane(id, kind, hawser, await connectStore({ uri: hawser.mongoUri }));
  }

  /** A workspace of the borrower's own, and where everything is found. */
  async lend(): Promise<Loan> {
    this.loans += 1;
    const { api, addresses, dataDir, temporalAddress, namespace, mongoUri, env } = this.hawser;
    return {
      lane: this.id,
      url: api.url,
      key: await this.workspaceKey(`Tests ${this.loans}`),
      addresses,
      dataDir,
      temporalAddress,
      namespace,
      mongoUri,
      env: env as Record<string, string>,
      logsFrom: logSizes(join(dataDir, 'logs')),
      since: Date.now(),
    };
  }

  async workspaceKey(name: string): Promise<string> {
    return (await createWorkspace(this.store, name)).apiKey;
  }

  /** Ends what the borrower left behind and puts the emulated apps back to their seed. */
  async clean(): Promise<void> {
    await endOpenRuns(this.hawser.temporalAddress, this.hawser.namespace);
    await this.hawser.emulators.clearFaults();
    await this.hawser.emulators.call('POST', '/reset', {});
    await this.hawser.emulators.call('DELETE', '/log');
  }

  async stop(): Promise<void> {
    await this.store.close();
    await this.hawser.stop();
  }
}

const logSizes = (folder: string): Record<string, number> =>
  Object.fromEntries(readdirSync(folder).map((file) => [file, statSync(join(folder, file)).size]));
