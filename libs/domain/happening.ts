/** What happens to a connection, a recipe, a job, or by a person: the words of the event log. Never a secret, never state. */

export const HAPPENING_KINDS = [
  'connection.authorized',
  'connection.candidate',
  'connection.authorization_failed',
  'connection.connected',
  'connection.renewed',
  'connection.verified',
  'connection.degraded',
  'connection.lost',
  'connection.healed',
  'connection.rights',
  'connection.changed',
  'connection.disconnected',
  'connection.deleted',
  'job.parked',
  'job.healed',
  'job.ended',
  'recipe.parked',
  'person.acted',
] as const;

export type HappeningKind = (typeof HAPPENING_KINDS)[number];

export interface Happening {
  workspaceId: string;
  /** Id of the connection, recipe or job. */
  subject: string;
  /** Raised each time the subject is rebuilt from its projection; 0 = written by a gateway for a person. */
  generation: number;
  /** Counts what happens to a connection, from 1; of others it is the moment. Where another one holds the number, the log takes the next. */
  sequence: number;
  /** Of the subject's state: with the generation it says which projection shows it. 0 = none. */
  revision: number;
  kind: HappeningKind;
  /** Epoch ms. */
  at: number;
  code: string | null;
  who: string | null;
  /** Few and short: versions, counts, names of requirements. */
  facts: Readonly<Record<string, string | number | boolean>>;
}

/** `<subject>/<generation>.<sequence>`: a repeat has the same. */
export const happeningId = ({
  subject,
  generation,
  sequence,
}: Pick<Happening, 'subject' | 'generation' | 'sequence'>): string => `${subject}/${generation}.${sequence}`;

/**
 * What makes it the same happening. A credential version is renewed once and a proof counted once, whenever an activity that is
 * repeated looks at its clock; everything else happens at its moment.
 */
export function sameHappening(a: Happening, b: Happening): boolean {
  return signatureOf(a) === signatureOf(b);
}

function signatureOf({ workspaceId, kind, code, at, facts }: Happening): string {
  const isCounted = facts['version'] !== undefined || facts['proof'] !== undefined;
  const known = isCounted ? [facts['version'], facts['proof']] : [at, code, sorted(facts)];
  return JSON.stringify([workspaceId, kind, known]);
}

const sorted = (facts: Happening['facts']): unknown => Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1));
