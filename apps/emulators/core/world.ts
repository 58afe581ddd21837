import { Counters } from './counters.js';
import type { Collection } from './collection.js';
import { DataFile } from './data-file.js';
import { FaultList } from './faults.js';
import type { Addresses, ServerName } from './hosts.js';
import type { Org } from './org.js';
import { RequestLog } from './request-log.js';
import { SecretList } from './secret-list.js';
import type { App, Client } from './types.js';

/** Everything that the emulators know, handed to every route. */
export class World {
  readonly secrets: SecretList;
  readonly shared: DataFile;
  readonly clients: Collection<Client>;
  readonly faults = new FaultList();
  readonly log: RequestLog;
  readonly counters: Counters;
  private readonly counts: DataFile;
  readonly orgs = new Map<string, Org>();
  readonly addresses: Addresses;

  constructor(readonly folder: string) {
    this.secrets = new SecretList(folder);
    this.shared = new DataFile(folder, 'shared');
    this.clients = this.shared.collection('clients');
    this.log = new RequestLog(folder);
    this.counts = new DataFile(folder, 'counts');
    this.counters = new Counters(this.counts.collection('counts'));
    const names: (ServerName | 'control')[] = [
      'control',
      'salesforceLogin',
      'salesforceSandboxLogin',
      'salesforceInstance',
      'salesforceSandboxInstance',
      'zendesk',
      'zendeskSandbox',
    ];
    this.addresses = Object.fromEntries(names.map((name) => [name, 'http://127.0.0.1:0'])) as Addresses;
  }

  org(app: string, name: string): Org | undefined {
    return this.orgs.get(`${app}/${name}`);
  }

  client(app: App, org: string, clientId: string): Client | undefined {
    return this.clients.get(`${app}/${org}/${clientId}`) ?? this.clients.get(`${app}/*/${clientId}`);
  }

  putClient(client: Client): Client {
    this.secrets.add(client.clientSecret);
    return this.clients.set(`${client.app}/${client.org ?? '*'}/${client.clientId}`, client);
  }

  flush(): void {
    this.shared.flush();
    this.counts.flush();
    for (const org of this.orgs.values()) org.data.flush();
  }
}
