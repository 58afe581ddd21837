import type { App } from './types.js';

export type ServerName =
  | 'salesforceLogin'
  | 'salesforceSandboxLogin'
  | 'salesforceInstance'
  | 'salesforceSandboxInstance'
  | 'zendesk'
  | 'zendeskSandbox';

export interface VendorServer {
  name: ServerName;
  app: App;
  org: string;
  kind: 'login' | 'instance' | 'account';
  vendorHost: string;
}

export const vendorServers: VendorServer[] = [
  { name: 'salesforceLogin', app: 'salesforce', org: 'production', kind: 'login', vendorHost: 'login.salesforce.com' },
  {
    name: 'salesforceSandboxLogin',
    app: 'salesforce',
    org: 'sandbox',
    kind: 'login',
    vendorHost: 'test.salesforce.com',
  },
  {
    name: 'salesforceInstance',
    app: 'salesforce',
    org: 'production',
    kind: 'instance',
    vendorHost: 'hawser-dev.my.salesforce.com',
  },
  {
    name: 'salesforceSandboxInstance',
    app: 'salesforce',
    org: 'sandbox',
    kind: 'instance',
    vendorHost: 'hawser-dev--uat.sandbox.my.salesforce.com',
  },
  { name: 'zendesk', app: 'zendesk', org: 'acme', kind: 'account', vendorHost: 'acme.zendesk.com' },
  {
    name: 'zendeskSandbox',
    app: 'zendesk',
    org: 'acme-sandbox',
    kind: 'account',
    vendorHost: 'acme-sandbox.zendesk.com',
  },
];

export type Ports = Partial<Record<ServerName | 'control', number>>;
export type Addresses = Record<ServerName | 'control', string>;

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

export function hostName(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '');
}

export function isLoopbackHost(header: string | undefined): boolean {
  return loopback.has(hostName(header));
}

/**
 * Which server answers a request: the Host header decides where it names a vendor host (an operator's wildcard may send several
 * of them to one port), the port where it is a loopback host. Undefined: a host nobody has.
 */
export function serverFor(header: string | undefined, atPort: VendorServer): VendorServer | undefined {
  if (isLoopbackHost(header)) return atPort;
  const name = hostName(header);
  return vendorServers.find((server) => server.vendorHost === name && server.app === atPort.app);
}

/** Absolute address of `name` as the asker can reach it: vendor host to vendor hosts, loopback to loopback. */
export function baseUrl(header: string | undefined, name: ServerName, addresses: Addresses): string {
  if (isLoopbackHost(header)) return addresses[name];
  const server = vendorServers.find((one) => one.name === name);
  return `https://${server?.vendorHost ?? 'localhost'}`;
}
