import net from 'node:net';
import { ClearError } from './clear-error.mjs';

function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}

/** A port that is free now. Another program may take it before we do: whoever starts on it must say so clearly. */
export const freePort = (host = '127.0.0.1') => listen(0, host);

export async function isPortFree(port, host = '127.0.0.1') {
  try {
    await listen(port, host);
    return true;
  } catch (error) {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return false;
    throw error;
  }
}

/** Checks `[{ port, use, setting }]` together, so that the person is told of all taken ports at once, one setting each. */
export async function requireFreePorts(wanted) {
  const taken = new Map();
  for (const one of wanted) {
    if (await isPortFree(one.port)) continue;
    const { ports } = taken.get(one.setting) ?? { ports: [] };
    taken.set(one.setting, { use: one.use, ports: [...ports, one.port] });
  }
  if (taken.size === 0) return;
  const list = [...taken].map(([setting, { use, ports }]) => `${ports.join(', ')} (${use}; change by ${setting})`);
  throw new ClearError(`Ports taken by another program: ${list.join('; ')}. Stop that program, or set another port.`);
}

export const canConnect = (host, port, timeoutMs) => connects({ host, port }, timeoutMs);

/** The same for a Unix socket. */
export const canConnectTo = (path, timeoutMs) => connects({ path }, timeoutMs);

function connects(where, timeoutMs = 2000) {
  return new Promise((resolve) => {
    const socket = net.connect({ ...where, timeout: timeoutMs });
    const end = (answer) => (socket.destroy(), resolve(answer));
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}
