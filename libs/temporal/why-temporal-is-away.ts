/**
 * Why Temporal cannot be reached, found out by a dial of our own: the SDK's errors say "transport error" for a wrong certificate, for a
 * missing one and for an address where nobody listens alike.
 */
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { TemporalAddress } from './connect-client.js';

/** Patience: on a machine that starts everything at once even a server that is well answers late. */
const DIAL_MS = 10_000;
/** What an HTTP/2 client says first, with an empty frame of settings: a gRPC server answers with its own settings. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const SETTINGS_FRAME = 4;

/** One sentence with the variable and the cure; null when an HTTP/2 server answers there as it should. Takes 10 s at most. */
export async function whyTemporalIsAway(temporal: TemporalAddress): Promise<string | null> {
  const fault = await dial(temporal);
  return fault === null ? null : `${sentence(fault, temporal)}`;
}

/** A code of Node, `SILENT`, `CLOSED` (before a word was said), `NO_HTTP2`; null when all is well. */
function dial({ address, tls }: TemporalAddress): Promise<string | null> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket: Socket = tls
      ? connectTls({ host, port: Number(port), ALPNProtocols: ['h2'], ...tlsOptions(host, tls) })
      : connectPlain({ host, port: Number(port) });
    const end = (fault: string | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(fault);
    };
    const timer = setTimeout(() => end('SILENT'), DIAL_MS);
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write(PREFACE));
    socket.once('data', (data: Buffer) => end(data[3] === SETTINGS_FRAME ? null : 'NO_HTTP2'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once('close', () => end('CLOSED'));
  });
}

function tlsOptions(host: string, tls: NonNullable<TemporalAddress['tls']>): ConnectionOptions {
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls === true ? {} : tls;
  const servername = serverNameOverride ?? (isIP(host) ? undefined : host);
  return {
    ...(servername && { servername }),
    ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair && { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
  };
}

function sentence(fault: string, { address, tls }: TemporalAddress): string {
  const there = `TEMPORAL_ADDRESS is "${address}"`;
  if (/ENOTFOUND|EAI_AGAIN/.test(fault)) return `${there}, and no machine of that name is found. Correct it.`;
  if (/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/.test(fault))
    return `${there}, and nobody listens there (${fault}). Start Temporal, or correct it.`;
  if (fault === 'SILENT')
    return `${there}, and nobody answers there within ${DIAL_MS / 1_000} s. Is it the right port, and open?`;
  if (!tls)
    return `${there}, and what answers there is no Temporal without TLS. Set TEMPORAL_TLS=true, or correct the address.`;
  const own = typeof tls === 'object' ? tls : {};
  if (fault === 'CERT_HAS_EXPIRED')
    return `${there}, and the certificate of that server has ended. Its operator must renew it.`;
  if (fault === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `${there}, and the certificate of that server is for another name. Correct the address, or set TEMPORAL_TLS_SERVER_NAME.`;
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|SIGNATURE_FAILURE|CERT_UNTRUSTED/.test(fault))
    return own.serverRootCACertificate
      ? `${there}, and the certificate of that server is not signed by the authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH (${fault}). Put the right authority there.`
      : `${there}, and no authority that this machine trusts has signed the certificate of that server (${fault}). Set TEMPORAL_TLS_SERVER_CA_CERT_PATH.`;
  if (/WRONG_VERSION|PACKET_LENGTH|NO_HTTP2/.test(fault))
    return `${there}, and what answers there does not speak TLS as Temporal does (${fault}). Set TEMPORAL_TLS=false, or correct the address.`;
  return own.clientCertPair
    ? `${there}, and that server refuses the client certificate in TEMPORAL_TLS_CLIENT_CERT_PATH (${fault}). Is it one of an authority that the server knows?`
    : `${there}, and that server ends the connection (${fault}), as one does that asks for a client certificate. Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.`;
}
