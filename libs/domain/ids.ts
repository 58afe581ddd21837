/**
 * Ids are opaque, prefixed and carry no personal data: they stand in workflow ids and search attributes, which Temporal keeps in plain.
 * They are plain in Temporal, so no personal data and no secret is in them (docs/decisions.md, "Secrets").
 */

/** The nouns that have ids, with the prefix of each. */
export const ID_PREFIX = {
  workspace: 'ws',
  connection: 'con',
  attempt: 'att',
  appClient: 'cli',
  recipe: 'rec',
  job: 'job',
  apiKey: 'key',
} as const;

export type IdNoun = keyof typeof ID_PREFIX;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_CHARACTERS = 20;

/** Mints a new random id such as `con_7k2m…` (100 bits of randomness). Not for workflow code: it is not deterministic. */
export function mintId(noun: IdNoun): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(ID_CHARACTERS));
  let text = '';
  for (const byte of bytes) text += ALPHABET[byte % ALPHABET.length];
  return `${ID_PREFIX[noun]}_${text}`;
}

/** Whether a text has the form of an id of that noun. */
export function isId(noun: IdNoun, text: string): boolean {
  return new RegExp(`^${ID_PREFIX[noun]}_[0-9a-z]{4,40}$`).test(text);
}

/** Workflow id of a connection's actor. */
export const connectionWorkflowId = (workspaceId: string, connectionId: string): string =>
  `connection/${workspaceId}/${connectionId}`;

/** Workflow id of a recipe. */
export const recipeWorkflowId = (workspaceId: string, recipeId: string): string => `recipe/${workspaceId}/${recipeId}`;

/** Workflow id of a job. `jobId` is unique within its workspace (it contains the recipe and the event). */
export const jobWorkflowId = (workspaceId: string, jobId: string): string => `job/${workspaceId}/${jobId}`;
