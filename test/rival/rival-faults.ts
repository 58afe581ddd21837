/** The peer's faults as data (rival-faults.json: readable by the proof scripts too), and how a test records what it measured. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordOutcome } from '../support/record-outcome.js';

export interface RivalFault {
  id: string;
  /** Number in the peer's issue record, or the name of the reproduced experiment. */
  reference: string;
  source: 'record' | 'reproduced';
  fault: string;
  /** Why no test can measure it here; without it there is a test with the id in its name. */
  notApplicable?: string;
  /** Why it is not measured yet, though it could be. */
  notMeasured?: string;
}

export interface RivalFaults {
  peer: string;
  commit: string;
  version: string;
  date: string;
  note: string;
  rows: RivalFault[];
}

export const RIVAL_FAULTS_FILE = join(__dirname, 'rival-faults.json');
export const rivalFaults = JSON.parse(readFileSync(RIVAL_FAULTS_FILE, 'utf8')) as RivalFaults;

/** What the test of a row has measured, in one sentence; a row may have several. */
export function measured(id: string, outcome: string): void {
  recordOutcome('rival', id, outcome);
}
