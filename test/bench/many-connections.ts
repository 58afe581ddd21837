/**
 * Connected connections in number, each made as a person makes one: create, link, button, login, consent, callback, exchange, proof.
 * Only two things are saved: one app client serves them all, and each lane keeps its browser, so that it logs in once.
 */
import { Browser, consent } from '../support/browser.js';
import { openLink, ZENDESK_ADMIN, ZENDESK_CLIENT } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import type { Api } from '../support/api.js';
import { inLanes } from './statistics.js';

const LANES = 16;
const MAX_ATTEMPTS = 3;

export class ManyConnections {
  readonly ids: string[] = [];
  /** Attempts that failed and were made once more. */
  repeated = 0;
  private clientId = '';
  private readonly browsers = Array.from({ length: LANES }, () => new Browser());

  constructor(private readonly api: Api) {}

  /** Brings their number to `total`. */
  async growTo(total: number, told: (made: number) => void = () => {}): Promise<void> {
    this.clientId ||= (await this.api.ok('POST', '/v1/app-clients', ZENDESK_CLIENT)).id;
    const missing = Array.from({ length: Math.max(0, total - this.ids.length) }, (_, index) => this.ids.length + index);
    await inLanes(missing, LANES, async (number, lane) => {
      this.ids.push(await this.connect(`Connection ${number}`, this.browsers[lane]!));
      if (this.ids.length % 100 === 0) told(this.ids.length);
    });
  }

  private async connect(name: string, browser: Browser): Promise<string> {
    const wish = { app: 'zendesk', name, settings: { subdomain: 'acme' }, appClientId: this.clientId };
    const { id } = await this.api.ok('POST', '/v1/connections', wish);
    for (let attempt = 1; ; attempt += 1) {
      const { attemptId, url } = await this.api.ok('POST', `/v1/connections/${id}/authorize`, {});
      const page = await consent(browser, await openLink(browser, url), ZENDESK_ADMIN);
      browser.visited.length = 0;
      const look = async () => (await this.api.ok('GET', `/v1/connections/${id}/attempts/${attemptId}`)).end;
      const end = await eventually(
        `the attempt to end; the browser is at ${page.url}, ${page.status}`,
        look,
        120_000,
        150,
      );
      if (end.outcome === 'in_force') return id as string;
      // A machine that is worked beyond its power loses an exchange to the heartbeat's time-out; a person would press again.
      if (attempt === MAX_ATTEMPTS) throw new Error(`Not connected: ${JSON.stringify(end)} (${page.url})`);
      this.repeated += 1;
    }
  }
}
