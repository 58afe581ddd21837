/** What a duplicate rule found, and the way past one that only warns (REST API, "DuplicateResult" and "Sforce-Duplicate-Rule-Header"). */
import { z } from 'zod';
import { redactText } from '#domain/redact.js';

const SHOWN_IDS = 10;

const answerSchema = z
  .array(
    z.object({
      duplicateResult: z.object({
        allowSave: z.boolean().optional(),
        duplicateRule: z.string().optional(),
        matchResults: z
          .array(
            z.object({ matchRecords: z.array(z.object({ record: z.looseObject({ Id: z.string() }) })).default([]) }),
          )
          .default([]),
      }),
    }),
  )
  .min(1);

/** Undefined when the answer says no more than its message. */
export function duplicateHint(json: unknown): string | undefined {
  const read = answerSchema.safeParse(json);
  const result = read.success ? read.data[0]?.duplicateResult : undefined;
  if (!result) return undefined;
  const ids = [
    ...new Set(result.matchResults.flatMap(({ matchRecords }) => matchRecords.map(({ record }) => record.Id))),
  ];
  const more = ids.length > SHOWN_IDS ? ` and ${ids.length - SHOWN_IDS} more` : '';
  const found = ids.length === 0 ? '' : ` It found ${ids.slice(0, SHOWN_IDS).join(', ')}${more}.`;
  const rule = `The duplicate rule ${result.duplicateRule ?? 'of the object'} has refused the record.`;
  const way = result.allowSave
    ? 'The rule only warns: to save the record all the same set the field "allowDuplicates" of the step to true, then rerun the job.'
    : 'The rule blocks: use one of these records, or have an administrator change the rule.';
  return redactText(`${rule}${found} ${way}`, 600);
}

/** The header by which a rule that only warns lets a record pass. */
export const duplicateHeader = (allowDuplicates: boolean | undefined): { headers?: Record<string, string> } =>
  allowDuplicates === undefined ? {} : { headers: { 'sforce-duplicate-rule-header': `allowSave=${allowDuplicates}` } };
