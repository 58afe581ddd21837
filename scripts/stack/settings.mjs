import { ClearError } from './clear-error.mjs';
import { emulatorPorts } from './hawser-env.mjs';

/** The ports of `npm start`, and the setting by which each is changed. */
const DEFAULTS = {
  gateway: { port: 3000, setting: 'HAWSER_GATEWAY_PORT', use: 'gateway' },
  temporal: { port: 7233, setting: 'HAWSER_TEMPORAL_PORT', use: 'Temporal server' },
  temporalUi: { port: 8233, setting: 'HAWSER_TEMPORAL_UI_PORT', use: 'Temporal Web UI' },
  mongo: { port: 27317, setting: 'HAWSER_MONGO_PORT', use: 'MongoDB server' },
  emulators: { port: 4400, setting: 'HAWSER_EMULATORS_PORT', use: 'emulators: the first of seven ports' },
};

export function readPorts(env = process.env) {
  const ports = Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, one]) => [name, portOf(env[one.setting], one)]),
  );
  return { ...ports, emulators: emulatorPorts(ports.emulators) };
}

/** What must be free before we start; nothing for a server that somebody else runs. */
export function portsWeTake(ports, env = process.env) {
  const ours = [
    'gateway',
    ...(env.TEMPORAL_ADDRESS ? [] : ['temporal', 'temporalUi']),
    // Elsewhere it listens on a socket.
    ...(env.MONGODB_URI || process.platform !== 'win32' ? [] : ['mongo']),
  ];
  const single = ours.map((name) => ({ ...DEFAULTS[name], port: ports[name] }));
  const { setting, use } = DEFAULTS.emulators;
  return [...single, ...Object.values(ports.emulators).map((port) => ({ port, use, setting }))];
}

function portOf(text, { port, setting }) {
  if (text === undefined || text === '') return port;
  if (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536) return Number(text);
  throw new ClearError(`${setting} is "${text}", which is no port (1 to 65535).`);
}
