import type { WorkerConfig } from '../config/worker-config.js';
import type { Check, CheckContext, PartName, Parts } from './check.js';
import { problem, type Finding } from './finding.js';
import type { OpenedParts } from './open-parts.js';
import { createSurvey } from './survey.js';

export interface Diagnosis {
  healthy: boolean;
  findings: (Finding & { check: string })[];
  /** Checks that were run, and those left out for a part that they need. */
  checked: string[];
  notChecked: { check: string; for: PartName[] }[];
}

/** Runs the checks one after the other. One that fails itself is a finding: a doctor that dies helps nobody. */
export async function runChecks(
  config: WorkerConfig,
  opened: Pick<OpenedParts, 'parts' | 'findings'>,
  checks: readonly Check[],
): Promise<Diagnosis> {
  const { parts } = opened;
  const findings: Diagnosis['findings'] = opened.findings.map((finding) => ({ check: 'parts', ...finding }));
  const checked: string[] = [];
  const notChecked: Diagnosis['notChecked'] = [];
  const survey = parts.store ? createSurvey(parts.store) : null;
  for (const check of checks) {
    const missing = check.needs.filter((need) => parts[need] === undefined);
    if (missing.length > 0) {
      notChecked.push({ check: check.name, for: missing });
      continue;
    }
    checked.push(check.name);
    // What a check does not need it does not touch.
    const context = { ...(parts as Parts), config, survey, now: Date.now() } as CheckContext;
    findings.push(...(await findingsOf(check, context)).map((finding) => ({ check: check.name, ...finding })));
  }
  return { healthy: findings.every(({ level }) => level === 'notice'), findings, checked, notChecked };
}

async function findingsOf(check: Check, context: CheckContext): Promise<Finding[]> {
  try {
    return await check.run(context);
  } catch (error) {
    return [
      problem('check_failed', null, {
        what: `The check itself failed: ${error instanceof Error ? error.message : String(error)}`,
        why: 'What it looks for may be there or not.',
        next: 'Run the doctor again; if it stays, read the log of the part that the message names.',
      }),
    ];
  }
}
