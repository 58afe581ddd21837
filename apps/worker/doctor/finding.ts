/** What the doctor tells: what is wrong, why it matters, what to do next. */

export interface Finding {
  /** `problem`: somebody must act (exit code 1); `notice`: worth knowing. */
  level: 'problem' | 'notice';
  /** An error code of the domain where one fits, else a word of the doctor's own. */
  code: string;
  /** Id of the connection, recipe, job, document or file; null when it is about the whole. */
  subject: string | null;
  what: string;
  why: string;
  next: string;
}

export const problem = (
  code: string,
  subject: string | null,
  texts: Pick<Finding, 'what' | 'why' | 'next'>,
): Finding => ({ level: 'problem', code, subject, ...texts });

export const notice = (
  code: string,
  subject: string | null,
  texts: Pick<Finding, 'what' | 'why' | 'next'>,
): Finding => ({ level: 'notice', code, subject, ...texts });
