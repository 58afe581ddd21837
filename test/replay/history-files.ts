/** The committed histories: `<workflow>.history` = a History of Temporal's protobuf, its payloads encrypted by the fixed test key. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';

const { History } = temporal.api.history.v1;
type History = temporal.api.history.v1.IHistory;

/** Text of the fixed keyring, as HAWSER_KEYRING_PAYLOAD takes it. It protects nothing but test data. */
export const testPayloadKeyring = (): string => readFileSync(join(__dirname, 'test-payload-key.json'), 'utf8');

export function writeHistory(name: string, history: History): void {
  writeFileSync(join(__dirname, `${name}.history`), History.encode(history).finish());
}

export function readHistories(): { name: string; history: History }[] {
  return readdirSync(__dirname)
    .filter((file) => file.endsWith('.history'))
    .sort()
    .map((file) => ({
      name: file.replace('.history', ''),
      history: History.decode(readFileSync(join(__dirname, file))),
    }));
}
