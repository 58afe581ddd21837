import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFile } from './data-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rows = (): Record<string, unknown> => Object.fromEntries(new DataFile(folder, 'x').collection('rows').rows);

test('a change is on disk when `set` returns, before any snapshot', () => {
  const file = new DataFile(folder, 'x');
  file.collection('rows').set('a', { n: 1 });
  file.collection('rows').set('b', { n: 2 });
  file.collection('rows').delete('a');
  expect(readdirSync(folder)).toEqual(['x.journal.jsonl']);
  expect(rows()).toEqual({ b: { n: 2 } });
  file.flush();
});

test('a snapshot takes the journal along, also for collections that nobody opened', () => {
  const first = new DataFile(folder, 'x');
  first.collection('rows').set('a', 1);
  first.collection('others').set('o', 1);
  first.flush();
  expect(readdirSync(folder)).toEqual(['x.json']);
  const second = new DataFile(folder, 'x');
  second.collection('rows').set('b', 2);
  second.flush();
  expect(rows()).toEqual({ a: 1, b: 2 });
  expect(new DataFile(folder, 'x').collection('others').get('o')).toBe(1);
});

test('half a last line is dropped', () => {
  const file = new DataFile(folder, 'x');
  file.collection('rows').set('a', 1);
  appendFileSync(join(folder, 'x.journal.jsonl'), '["rows","b"');
  expect(rows()).toEqual({ a: 1 });
  file.flush();
});
