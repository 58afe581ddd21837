import { groupBy } from '#domain/group-by.js';
import type { Diagnosis } from './run-checks.js';

/** A thousand lost actors are one trouble: so many of a kind are written out. */
const WRITTEN_OUT = 5;

/** The diagnosis as lines for a person. */
export function tellDiagnosis({ findings, checked, notChecked }: Diagnosis): string[] {
  const lines: string[] = [];
  for (const [kind, same] of groupBy(findings, ({ level, code }) => `${level} ${code}`)) {
    for (const { level, what, why, next } of same.slice(0, WRITTEN_OUT)) {
      lines.push(
        `${level === 'problem' ? '✗' : '·'}  ${kind.slice(level.length + 1)}: ${what}`,
        `     why:  ${why}`,
        `     next: ${next}`,
      );
    }
    const more = same.length - WRITTEN_OUT;
    if (more > 0) lines.push(`     … and ${more} more of this kind (all of them: --json)`);
  }
  for (const { check, for: needs } of notChecked)
    lines.push(`?  ${check}: not checked, for ${needs.join(' and ')} cannot be had`);
  const problems = findings.filter(({ level }) => level === 'problem').length;
  lines.push(
    `${checked.length} checks run${notChecked.length > 0 ? `, ${notChecked.length} left out` : ''}: ${problems === 0 ? 'nothing is to be done' : `${problems} problems`}.`,
  );
  return lines;
}
