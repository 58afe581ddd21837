/** Requirement keys: `<object>:<right>`, plain text of at most 100 characters; they stand in search attributes. */

/** Makes a key; characters that have no place in one become `_`. */
export function requirementKey(object: string, right: string): string {
  return `${object.replace(/[^\w.-]/g, '_').slice(0, 80)}:${right.replace(/[^\w.-]/g, '_').slice(0, 19)}`;
}

/** Its two parts, or null when it is none. */
export function parseRequirement(key: string): { object: string; right: string } | null {
  const match = /^([\w.-]{1,80}):([\w.-]{1,19})$/.exec(key);
  return match ? { object: match[1] as string, right: match[2] as string } : null;
}
