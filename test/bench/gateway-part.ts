/** The gateway's own time: what a request takes, less the waits for store and Temporal, against a bare route of the same server. */
import { request } from 'undici';
import { freePort } from '../support/free-port.js';
import { Api } from '../support/api.js';
import type { BenchStack } from './bench-stack.js';
import { ManyConnections } from './many-connections.js';
import type { Probe } from './probe.js';
import { atMost, type Row } from './row.js';
import { median } from './statistics.js';

const BLOCKS = 24;
const PER_BLOCK = 50;
/** Blocks before which code is compiled and connections are opened. */
const WARM_BLOCKS = 4;
const LIST = 10;
const BARE = '/health/live';

interface Cost {
  own: number[];
  cpu: number[];
  total: number[];
}

export async function gatewayPart(stack: BenchStack): Promise<Row[]> {
  const connections = new ManyConnections(stack.hawser.api);
  await connections.growTo(LIST);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { ready, probe } = await stack.startScript('bench-gateway', 'gateway-process.ts', {
    HAWSER_GATEWAY_PORT: String(port),
    HAWSER_PUBLIC_URL: url,
  });
  const api = new Api(url, stack.hawser.api.key);
  const paths = { bare: BARE, one: `/v1/connections/${connections.ids[0]}`, list: `/v1/connections?limit=${LIST}` };
  const costs = await measure(api, paths, ready['waits'] ?? '', probe);
  const { bare, one, list } = costs as Record<keyof typeof paths, Cost>;
  return [
    own('Gateway’s own time, GET of a connection', one, bare),
    own(`Gateway’s own time, list of ${LIST} connections`, list, bare),
    cpu('GET of a connection', one, bare),
    cpu(`list of ${LIST} connections`, list, bare),
  ];
}

/** Blocks of requests one after the other, the paths in turn, so that load falls on all of them. Values per request in microseconds. */
async function measure(
  api: Api,
  paths: Record<string, string>,
  waits: string,
  probe: Probe,
): Promise<Record<string, Cost>> {
  const costs = Object.fromEntries(Object.keys(paths).map((name) => [name, { own: [], cpu: [], total: [] } as Cost]));
  const waited = async () => Number(await (await request(waits)).body.text());
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const [name, path] of Object.entries(paths)) {
      await waited();
      const cpuBefore = await probe.cpuMicros();
      const began = performance.now();
      for (let i = 0; i < PER_BLOCK; i += 1) await api.ok('GET', path);
      const total = (performance.now() - began) * 1_000;
      const cpuAfter = await probe.cpuMicros();
      if (block < WARM_BLOCKS) continue;
      costs[name]!.total.push(total / PER_BLOCK);
      costs[name]!.own.push((total - (await waited())) / PER_BLOCK);
      costs[name]!.cpu.push((cpuAfter - cpuBefore) / PER_BLOCK);
    }
  }
  return costs;
}

function own(what: string, cost: Cost, bare: Cost): Row {
  const ratio = median(cost.own) / median(bare.own);
  return atMost(2, {
    what,
    value: median(cost.own),
    unit: 'µs',
    floor: { what: `bare route of the same server (${BARE})`, value: median(bare.own) },
    text: `at most 2 × the floor (here ${ratio.toFixed(2)} ×)`,
    compared: ratio,
    note: `of ${(median(cost.total) / 1000).toFixed(2)} ms in all; seen by the caller, one request at a time, median of ${cost.own.length} blocks of ${PER_BLOCK}`,
  });
}

function cpu(what: string, cost: Cost, bare: Cost): Row {
  return {
    what: `Processor time of the gateway’s process, ${what}`,
    value: median(cost.cpu),
    unit: 'µs',
    floor: { what: `bare route of the same server (${BARE})`, value: median(bare.cpu) },
    target: null,
    note: `${(median(cost.cpu) / median(bare.cpu)).toFixed(1)} × the floor; the clients of MongoDB and Temporal (gRPC, decoding, decryption) are in it`,
  };
}
