import dns from 'node:dns/promises';
import { ClearError } from './clear-error.mjs';
import { canConnect, canConnectTo } from './ports.mjs';

const HINT = 'Correct MONGODB_URI, or unset it to use the embedded database';

/**
 * Says in one line what is wrong with `MONGODB_URI`: its form, its host, or that nobody listens there. Whether its user
 * and password are right is seen by the driver, later. The address is never printed: it may hold a password.
 */
export async function checkMongoUri(uri) {
  const parts = /^mongodb(\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri);
  if (!parts)
    throw new ClearError(
      `MONGODB_URI is no MongoDB address (it must begin with mongodb:// or mongodb+srv://). ${HINT}.`,
    );
  const [, srv, hosts] = parts;
  // A Unix socket stands in the address with its slashes encoded.
  const socket = /\.sock$/.test(hosts) ? decodeURIComponent(hosts) : null;
  if (socket !== null) {
    if (await canConnectTo(socket, 3000)) return;
    throw new ClearError(`MONGODB_URI: nothing answers at ${socket}. Start that server. ${HINT}.`);
  }
  const tried = srv ? await hostsOfSrv(hosts) : hosts.split(',').map(splitHost);
  for (const { host, port } of tried) if (await canConnect(host, port, 3000)) return;
  throw new ClearError(
    `MONGODB_URI: nothing answers at ${tried.map(({ host, port }) => `${host}:${port}`).join(', ')}. Start that server. ${HINT}.`,
  );
}

function splitHost(text) {
  const found = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text);
  if (!found) throw new ClearError(`MONGODB_URI: "${text}" is no host and port. ${HINT}.`);
  return { host: found[1].replace(/^\[|\]$/g, ''), port: Number(found[2] ?? 27017) };
}

async function hostsOfSrv(name) {
  try {
    return (await dns.resolveSrv(`_mongodb._tcp.${name}`)).map((one) => ({ host: one.name, port: one.port }));
  } catch (error) {
    throw new ClearError(`MONGODB_URI: ${name} has no SRV record (${error.code}). ${HINT}.`);
  }
}
