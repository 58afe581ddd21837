/**
 * What is wrong with the input of an update, field by field; null = nothing. Validators refuse with it, before the update reaches the
 * history. Pure, and never throws, whatever was sent.
 */
import {
  readCount,
  readFlag,
  readId,
  readMoment,
  readText,
  readTexts,
  sentObject,
  HIGHEST_COUNT,
  LAST_MOMENT,
  LONGEST_ID,
} from '../read-field.js';
import { SENDERS, LONGEST_REQUIREMENT, MOST_REQUIREMENTS } from './read-signal.js';

/** An attempt is open for half an hour; a caller's clock may be wrong, but not by days. */
export const LONGEST_ATTEMPT_MS = 24 * 3_600_000;
const LONGEST_NAME = 1_000;
const MOST_SETTINGS = 200;
const LONGEST_SETTING = 10_000;

/** Looks at one field of an input. */
type Look = (input: unknown) => string | null;

const by: Look = (input) => (SENDERS.includes(sentObject(input)['by']) ? null : '"by" must be person, job or system.');
const attemptId: Look = (input) =>
  readId(input, 'attemptId') === null ? `"attemptId" must be an id of at most ${LONGEST_ID} characters.` : null;
const count =
  (name: string): Look =>
  (input) =>
    readCount(input, name) === null ? `"${name}" must be a whole number from 0 to ${HIGHEST_COUNT}.` : null;
const moment =
  (name: string): Look =>
  (input) =>
    readMoment(input, name) === null ? `"${name}" must be a moment in epoch milliseconds, up to ${LAST_MOMENT}.` : null;
const flag =
  (name: string): Look =>
  (input) =>
    readFlag(input, name) === null ? `"${name}" must be true or false.` : null;
const requirements: Look = (input) => {
  const { requirements: sent } = sentObject(input);
  const fits =
    Array.isArray(sent) &&
    readTexts(input, 'requirements', LONGEST_REQUIREMENT, MOST_REQUIREMENTS).length === sent.length;
  return fits
    ? null
    : `"requirements" must be a list of at most ${MOST_REQUIREMENTS} texts of 1 to ${LONGEST_REQUIREMENT} characters.`;
};
const optional =
  (name: string, look: Look): Look =>
  (input) =>
    sentObject(input)[name] === undefined ? null : look(input);

const name: Look = (input) =>
  readText(input, 'name', LONGEST_NAME) === null ? `"name" must be a text of 1 to ${LONGEST_NAME} characters.` : null;
const appClientId: Look = (input) =>
  sentObject(input)['appClientId'] === null || readId(input, 'appClientId') !== null
    ? null
    : `"appClientId" must be null or an id of at most ${LONGEST_ID} characters.`;
const settings: Look = (input) => {
  const { settings: sent } = sentObject(input);
  const fits =
    typeof sent === 'object' &&
    sent !== null &&
    !Array.isArray(sent) &&
    Object.entries(sent).length <= MOST_SETTINGS &&
    Object.entries(sent).every(
      ([key, value]) => key.length <= LONGEST_NAME && typeof value === 'string' && value.length <= LONGEST_SETTING,
    );
  return fits
    ? null
    : `"settings" must be an object of at most ${MOST_SETTINGS} texts of at most ${LONGEST_SETTING} characters.`;
};

const FLAGS = ['oldAccessTokenDies', 'revokeOldGrantAfterSwap'] as const;
const SPANS = ['graceMs', 'earliestUsefulRefreshMs', 'marginMs'] as const;
const SPANS_OR_NULL = ['accessTokenLifetimeMs', 'refreshTokenIdleMs', 'grantLifetimeMs'] as const;
const policy: Look = (input) => {
  const sent = sentObject(sentObject(input)['policy']);
  const fits =
    ['always', 'maybe', 'never'].includes(sent['rotates'] as string) &&
    ['kills_family', 'rejected', 'harmless'].includes(sent['reuse'] as string) &&
    FLAGS.every((one) => readFlag(sent, one) !== null) &&
    SPANS.every((one) => readMoment(sent, one) !== null) &&
    SPANS_OR_NULL.every((one) => sent[one] === null || readMoment(sent, one) !== null);
  return fits ? null : '"policy" is no refresh policy.';
};

/** Which fields each update has. What it does not name is not looked at: a newer build may send more. */
const FIELDS = {
  authorize: [
    attemptId,
    moment('expiresAt'),
    optional('lifetimeMs', moment('lifetimeMs')),
    by,
    optional('policy', policy),
  ],
  refresh: [by, count('seenVersion'), optional('waitedMs', moment('waitedMs')), optional('askedAt', moment('askedAt'))],
  verify: [by, count('seenProof'), requirements],
  ensureFresh: [count('seenVersion'), by, flag('rejected')],
  decideCandidate: [attemptId, flag('accept')],
  cancelAttempt: [attemptId],
  disconnect: [by],
  delete: [by],
  reconfigure: [optional('name', name), optional('settings', settings), optional('appClientId', appClientId)],
} satisfies Record<string, Look[]>;

export type CheckedUpdate = keyof typeof FIELDS;
export const CHECKED_UPDATES = Object.keys(FIELDS) as CheckedUpdate[];

/** The first fault of an update's input, as a sentence that names the field. `now`: epoch milliseconds. */
export function faultOfUpdate(update: CheckedUpdate, input: unknown, now: number): string | null {
  if (typeof input !== 'object' || input === null) return '"input" must be an object.';
  for (const look of FIELDS[update]) {
    const fault = look(input);
    if (fault !== null) return fault;
  }
  if (update !== 'authorize') return null;
  const lifetime = readMoment(input, 'lifetimeMs');
  if (lifetime !== null) return lifetime > LONGEST_ATTEMPT_MS ? '"lifetimeMs" must be at most a day.' : null;
  const ends = readMoment(input, 'expiresAt');
  return ends !== null && ends > now + LONGEST_ATTEMPT_MS ? '"expiresAt" must be within a day.' : null;
}
