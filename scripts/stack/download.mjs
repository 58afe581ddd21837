import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { once } from 'node:events';
import { ClearError } from './clear-error.mjs';
import { seconds } from './progress.mjs';

/** A host that has not answered by then counts as not reachable: the next way begins at once. */
const ANSWER_MS = 3_000;
/** So long nothing may come while an archive is under way. */
const STALL_MS = 15_000;
/** No archive of ours is larger. */
const MAX_BYTES = 600_000_000;

/**
 * Fetches `url` into the file `out`, which stays only if its sha256 is the given one. `HAWSER_DOWNLOAD`: `off`, or the origin of a
 * mirror that has the vendors' paths.
 * @throws ClearError with the reason; then nothing is left behind.
 */
export async function download({ url, sha256, out, note, answerMs = ANSWER_MS, stallMs = STALL_MS }) {
  const address = addressOf(url);
  const stop = new AbortController();
  try {
    const response = await answered(address, stop, answerMs);
    const found = await keep(response, { out, note, stop, stallMs });
    if (found !== sha256)
      throw new ClearError(`what ${address} holds has the sha256 ${found}, not ${sha256}: it is not used`);
  } catch (error) {
    stop.abort();
    fs.rmSync(out, { force: true });
    throw error;
  }
}

function addressOf(url) {
  const wish = process.env.HAWSER_DOWNLOAD;
  if (!wish) return url;
  if (wish === 'off') throw new ClearError('HAWSER_DOWNLOAD is off');
  if (!URL.canParse(wish))
    throw new ClearError(`HAWSER_DOWNLOAD is "${wish}": allowed is off, or the origin of a mirror`);
  return new URL(new URL(url).pathname, wish).href;
}

async function answered(address, stop, answerMs) {
  const timer = setTimeout(() => stop.abort(), answerMs);
  const { host } = new URL(address);
  try {
    const response = await fetch(address, { signal: stop.signal });
    if (!response.ok || !response.body) throw new ClearError(`${address} answers ${response.status}`);
    return response;
  } catch (error) {
    if (error instanceof ClearError) throw error;
    const why = stop.signal.aborted ? `no answer within ${answerMs / 1000} s` : (error.cause?.code ?? error.message);
    throw new ClearError(`${host} is not reachable (${why})`);
  } finally {
    clearTimeout(timer);
  }
}

/** Writes the body down; resolves to its sha256. */
async function keep(response, { out, note, stop, stallMs }) {
  const whole = Number(response.headers.get('content-length')) || 0;
  const began = Date.now();
  const hash = createHash('sha256');
  const file = fs.createWriteStream(out, { mode: 0o600 });
  const failed = new Promise((_, reject) => file.once('error', reject));
  failed.catch(() => {});
  let stalled = false;
  let got = 0;
  let timer;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ((stalled = true), stop.abort()), stallMs);
  };
  try {
    alive();
    for await (const chunk of response.body) {
      alive();
      got += chunk.length;
      if (got > MAX_BYTES) throw new ClearError('it is larger than any archive of ours');
      hash.update(chunk);
      if (!file.write(chunk)) await Promise.race([once(file, 'drain'), failed]);
      note(`downloading ${shareOf(got, whole)}, ${seconds(Date.now() - began)}`);
    }
    await Promise.race([new Promise((done) => file.end(done)), failed]);
    return hash.digest('hex');
  } catch (error) {
    file.destroy();
    if (error instanceof ClearError) throw error;
    if (error.code === 'ENOSPC')
      throw new ClearError(`the disk is full after ${megabytes(got)}. Make room, or set HAWSER_CACHE to another place`);
    if (stalled) throw new ClearError(`it stood still for ${stallMs / 1000} s after ${megabytes(got)}`);
    throw new ClearError(
      `it was cut off after ${megabytes(got)} (${error.cause?.code ?? error.code ?? error.message})`,
    );
  } finally {
    clearTimeout(timer);
  }
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
const shareOf = (got, whole) =>
  whole ? `${Math.floor((100 * got) / whole)} %, ${megabytes(got)} of ${megabytes(whole)}` : megabytes(got);
