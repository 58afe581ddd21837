import fs from 'node:fs';
import path from 'node:path';
import { ClearError } from './clear-error.mjs';
import { checkMongoUri } from './mongo-uri.mjs';
import { obtainMongo } from './obtain-mongo.mjs';
import { canConnect, canConnectTo, freePort } from './ports.mjs';
import { privateFolder } from './private-folder.mjs';
import { mongoUriOf } from './socket-path.mjs';
import { supervise } from './supervise.mjs';

const START_LIMIT_MS = 60_000;
const DATABASE = 'hawser';
const ENGINES = ['ferretdb', 'mongod'];

/**
 * The MongoDB server: that of `MONGODB_URI` where it is set, otherwise one of our own on a folder in `dataDir`. It asks for no password, so
 * `npm start` gives it a `socket` that other users of the machine cannot reach; without one it takes a port on loopback (tests, Windows).
 */
export async function startMongo({
  dataDir,
  port,
  socket,
  log = console.error,
  note = () => {},
  external = process.env.MONGODB_URI,
}) {
  if (external) {
    note('MONGODB_URI');
    await checkMongoUri(external);
    return { uri: external, stop: async () => {}, pid: undefined };
  }
  const { engine, file, way } = await obtainMongo({ engine: chosenEngine(dataDir), note });
  note(`${engine}, ${way}`);
  const folder = folderOf(dataDir, engine);
  privateFolder(folder);
  const taken = socket ? undefined : (port ?? (await freePort()));
  const server = supervise({
    name: 'mongo',
    command: file,
    args:
      engine === 'ferretdb'
        ? ['-dir', folder, '-listen', socket ? `unix:${socket}` : `127.0.0.1:${taken}`]
        : // A path as the only address: no port is opened (net.bindIp of MongoDB's manual).
          [
            '--dbpath',
            folder,
            ...(socket ? ['--bind_ip', socket] : ['--port', taken, '--bind_ip', '127.0.0.1']),
            '--quiet',
          ].map(String),
    logFile: path.join(dataDir, 'logs', 'mongo.log'),
    runFolder: path.join(dataDir, 'run'),
    log,
    // Our own front says so itself; for mongod, an answer at its port must do.
    isReady: ({ gone, waitForLine }) =>
      engine === 'ferretdb' ? waitForLine(/^READY /) : Promise.race([gone, answers(socket ?? taken)]),
  });
  try {
    await server.ready;
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    engine,
    uri: socket ? mongoUriOf(socket, DATABASE) : `mongodb://127.0.0.1:${taken}/${DATABASE}?directConnection=true`,
    stop: server.stop,
    get pid() {
      return server.pid;
    },
  };
}

const folderOf = (dataDir, engine) => path.join(dataDir, `mongo-${engine}`);

/** `HAWSER_MONGO` chooses, and never against the data that is there. */
function chosenEngine(dataDir) {
  const wish = process.env.HAWSER_MONGO;
  const there = engineOfData(dataDir);
  if (!wish) return there;
  if (!ENGINES.includes(wish))
    throw new ClearError(`HAWSER_MONGO is "${wish}": allowed is one of ${ENGINES.join(', ')}.`);
  if (there && there !== wish)
    throw new ClearError(
      `HAWSER_MONGO is "${wish}", but the data in ${folderOf(dataDir, there)} was written by ${there}, and ${wish} cannot read it. Unset HAWSER_MONGO, or choose another folder by HAWSER_DATA.`,
    );
  return wish;
}

// The engine that wrote the data goes on with it, also when a mongod has appeared on PATH since.
function engineOfData(dataDir) {
  return ENGINES.find((engine) => fs.existsSync(folderOf(dataDir, engine)));
}

async function answers(place) {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    if (await (typeof place === 'string' ? canConnectTo(place) : canConnect('127.0.0.1', place))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new ClearError(
    `the MongoDB server does not answer at ${typeof place === 'string' ? place : `127.0.0.1:${place}`} after ${START_LIMIT_MS / 1000} s`,
  );
}
