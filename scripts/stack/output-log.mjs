import fs from 'node:fs';
import path from 'node:path';
import { privateFolder } from './private-folder.mjs';

const MAX_BYTES = 20e6;

/** Collects a child's output in a file, and hands on whole lines. One old file is kept when it grows large. */
export function openOutputLog(file) {
  privateFolder(path.dirname(file));
  // One of an earlier build may be open to others.
  if (fs.existsSync(file)) fs.chmodSync(file, 0o600);
  if (fs.existsSync(file) && fs.statSync(file).size > MAX_BYTES) fs.renameSync(file, `${file}.1`);
  const stream = fs.createWriteStream(file, { flags: 'a', mode: 0o600 });
  // A full disk must not bring down the launcher: the log is what can be missed.
  stream.on('error', () => {});
  const tail = [];

  /** With `kept: false` the lines are handed on, and stand neither in the file nor in an error: they hold a secret. */
  function follow(readable, onLine, { kept = true } = {}) {
    let rest = '';
    readable.setEncoding('utf8');
    readable.on('data', (chunk) => {
      if (kept) stream.write(chunk);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) take(line, onLine, kept);
    });
    readable.on('end', () => rest && take(rest, onLine, kept));
  }

  function take(line, onLine, kept) {
    if (kept && line.trim()) tail.push(line);
    if (tail.length > 20) tail.shift();
    onLine(line);
  }

  return {
    follow,
    tail,
    note: (text) => stream.write(`--- ${new Date().toISOString()} ${text}\n`),
    close: () => stream.end(),
  };
}
