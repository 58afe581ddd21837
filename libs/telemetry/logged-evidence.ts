import type { Evidence } from '#domain/errors.js';

/** What a log may say of an app's answer: when, its status, and its code where that is a code. The app's words name people. */
export type LoggedEvidence = Omit<Evidence, 'appMessage'>;

/** A word of an app's own catalogue, such as DUPLICATE_VALUE or invalid_grant; a sentence, a name or an address is none. */
const CODE = /^[A-Za-z0-9][\w.:-]{0,63}$/;

export function loggedEvidence({ at, status, appCode }: Evidence): LoggedEvidence {
  return {
    at,
    ...(status === undefined ? {} : { status }),
    ...(appCode !== undefined && CODE.test(appCode) ? { appCode } : {}),
  };
}
