// Preloaded (NODE_OPTIONS=--require) into every process that is measured, and by that into its worker threads too: tells heap and
// processor time of each thread, and makes CPU profiles. Product code knows nothing of it. Asked through a Unix socket named by
// HAWSER_BENCH_PROBES; see probe.ts.
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const { Session } = require('node:inspector');
const { isMainThread, threadId, BroadcastChannel } = require('node:worker_threads');

const folder = process.env.HAWSER_BENCH_PROBES;
/** Threads answer within this time or are left out. */
const PATIENCE_MS = 20_000;

let gc;
function collect() {
  if (!gc) {
    v8.setFlagsFromString('--expose-gc');
    gc = vm.runInNewContext('gc');
  }
  // Twice: what a finalizer lets go of in the first goes in the second.
  gc();
  gc();
}

let profiler;
const post = (method, params) =>
  new Promise((done, failed) =>
    profiler.post(method, params, (error, result) => (error ? failed(error) : done(result))),
  );

const COMMANDS = {
  heap() {
    collect();
    return { heapUsed: v8.getHeapStatistics().used_heap_size };
  },
  async profileStart() {
    profiler = new Session();
    profiler.connect();
    await post('Profiler.enable');
    await post('Profiler.setSamplingInterval', { interval: 500 });
    await post('Profiler.start');
    return {};
  },
  async profileStop({ file }) {
    const { profile } = await post('Profiler.stop');
    profiler.disconnect();
    const named = `${file}-${process.pid}-${threadId}.cpuprofile`;
    fs.writeFileSync(named, JSON.stringify(profile));
    return { file: named };
  },
  snapshot({ file }) {
    collect();
    return { file: v8.writeHeapSnapshot(`${file}-${process.pid}-${threadId}.heapsnapshot`) };
  },
};

const answer = async (question) => ({ threadId, ...(await COMMANDS[question.command](question)) });

if (folder && !isMainThread) {
  const channel = new BroadcastChannel('hawser-bench-probe');
  channel.unref();
  channel.onmessage = ({ data }) => {
    if (data.question) void answer(data.question).then((result) => channel.postMessage({ id: data.id, result }));
  };
  channel.postMessage({ born: threadId });
}

if (folder && isMainThread && !process.execArgv.includes('--input-type=module')) listen();

function listen() {
  const threads = new Set();
  const waiting = new Map();
  const channel = new BroadcastChannel('hawser-bench-probe');
  channel.unref();
  channel.onmessage = ({ data }) => {
    if (data.born) threads.add(data.born);
    if (data.result) waiting.get(data.id)?.(data.result);
  };
  let questions = 0;
  const askThreads = (question) =>
    new Promise((done) => {
      const id = ++questions;
      const results = [];
      const finish = () => {
        waiting.delete(id);
        clearTimeout(timer);
        done(results);
      };
      const timer = setTimeout(finish, PATIENCE_MS);
      waiting.set(id, (result) => {
        results.push(result);
        if (results.length === threads.size) finish();
      });
      if (threads.size === 0) finish();
      else channel.postMessage({ id, question });
    });

  async function reply(socket, question) {
    try {
      const others = await askThreads(question);
      const main = await answer(question);
      const { user, system } = process.cpuUsage();
      socket.end(
        JSON.stringify({
          pid: process.pid,
          main,
          threads: others,
          rss: process.memoryUsage.rss(),
          cpuMicros: user + system,
        }),
      );
    } catch (error) {
      socket.end(JSON.stringify({ error: String(error) }));
    }
  }

  COMMANDS.cpu = () => ({});
  const server = net.createServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith('\n')) void reply(socket, JSON.parse(text));
    });
  });
  server.unref();
  const file = path.join(folder, `${process.pid}.sock`);
  fs.rmSync(file, { force: true });
  server.listen(file);
  process.on('exit', () => fs.rmSync(file, { force: true }));
}
