/**
 * Whether a record that an app shows already is as a write wanted it. Used after a write whose answer was lost: then it is done.
 * In doubt the answer is no: the write is sent again, which an idempotent one survives. Pure.
 */

/** Every wished field is there with the wished value; fields that nobody wished may be anything. */
export function isAsWished(
  wished: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(wished).every(
    // A field that the user may not see is absent: nothing can be said of it.
    ([name, value]) => value === undefined || (Object.hasOwn(found, name) && isSame(value, found[name])),
  );
}

function isSame(wished: unknown, found: unknown): boolean {
  if (isEmpty(wished) || isEmpty(found)) return isEmpty(wished) && isEmpty(found);
  if (Array.isArray(wished)) return Array.isArray(found) && isSameSet(wished, found);
  if (isObject(wished)) return isObject(found) && isAsWished(wished, found);
  // Apps turn numbers into texts and back.
  return !isObject(found) && !Array.isArray(found) && String(wished) === String(found);
}

/** Lists of an app (tags, domains) have an order of the app's own. */
function isSameSet(wished: unknown[], found: unknown[]): boolean {
  if (wished.length !== found.length) return false;
  const texts = new Set(found.map((one) => JSON.stringify(one)));
  return wished.every((one) => texts.has(JSON.stringify(one)));
}

/** Apps keep an empty text as null. */
const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
