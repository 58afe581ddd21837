import { withoutTemporalAccess } from './temporal-access.mjs';

/** Vendor origins and the emulator that stands in for each. The most exact name wins, so order does not matter. */
export function originMap(emulators) {
  return {
    'https://login.salesforce.com': emulators.salesforceLogin,
    'https://test.salesforce.com': emulators.salesforceSandboxLogin,
    'https://*.sandbox.my.salesforce.com': emulators.salesforceSandboxInstance,
    'https://*.my.salesforce.com': emulators.salesforceInstance,
    'https://acme-sandbox.zendesk.com': emulators.zendeskSandbox,
    'https://*.zendesk.com': emulators.zendesk,
  };
}

export const EMULATOR_NAMES = [
  'control',
  'salesforceLogin',
  'salesforceSandboxLogin',
  'salesforceInstance',
  'salesforceSandboxInstance',
  'zendesk',
  'zendeskSandbox',
];

/** Consecutive ports from `first`; with no `first`, any free ones (0). */
export function emulatorPorts(first) {
  return Object.fromEntries(EMULATOR_NAMES.map((name, i) => [name, first === undefined ? 0 : first + i]));
}

/** The environment of the emulators. */
export function emulatorsEnv({ dataDir, ports = emulatorPorts(), base = process.env }) {
  return { ...base, EMULATORS_DATA: dataDir, EMULATORS_PORTS: JSON.stringify(ports) };
}

/**
 * The environment of gateway, worker and setup: one contract for all three, so that they cannot disagree. `emulators`
 * (as printed after EMULATORS_READY) may be absent: then real vendors are dialled.
 */
export function hawserEnv({
  dataDir,
  gatewayPort,
  publicUrl,
  temporal,
  mongoUri,
  emulators,
  codecSocket,
  base = process.env,
}) {
  return {
    // `pid`: the server is ours.
    ...(temporal.pid === undefined && !temporal.ownAddress ? base : withoutTemporalAccess(base)),
    HAWSER_DATA: dataDir,
    HAWSER_GATEWAY_PORT: String(gatewayPort),
    HAWSER_PUBLIC_URL: publicUrl ?? `http://127.0.0.1:${gatewayPort}`,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...(temporal.uiUrl ? { TEMPORAL_UI_ORIGIN: temporal.uiUrl } : {}),
    // The Web UI's own port, behind our door: no recipe may reach it either.
    ...(temporal.ownAddress
      ? { HAWSER_OWN_ADDRESSES: [base.HAWSER_OWN_ADDRESSES, temporal.ownAddress].filter(Boolean).join(',') }
      : {}),
    MONGODB_URI: mongoUri,
    ...(emulators ? { HAWSER_ORIGIN_MAP: JSON.stringify(originMap(emulators)) } : {}),
    ...(codecSocket === undefined ? {} : { HAWSER_CODEC_SOCKET: codecSocket }),
  };
}
