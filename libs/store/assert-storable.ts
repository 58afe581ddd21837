/**
 * The check at the door (rules 3, 13, 16): what the embedded database cannot keep is refused before it is sent.
 * NaN would close the connection; nested arrays and keys with `.` or a leading `$` are refused by the server.
 * @throws TypeError that names the path: such a document is a fault of ours.
 */
export function assertStorable(value: unknown, path = ''): void {
  if (value === undefined) throw new TypeError(`${path || 'document'} is undefined: store null, or leave it out.`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${path} is not a finite number.`);
  if (typeof value === 'string' && value.length > MAX_TEXT)
    throw new TypeError(`${path} is longer than ${MAX_TEXT} characters.`);
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      if (Array.isArray(item)) throw new TypeError(`${path}/${index} is an array within an array.`);
      assertStorable(item, `${path}/${index}`);
    });
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      if (key.startsWith('$') || key.includes('.'))
        throw new TypeError(`${path}/${key}: keys may not hold "." or begin with "$".`);
      assertStorable(item, `${path}/${key}`);
    }
  }
}

/** Documents stay far below 16 MB: FerretDB would take more, MongoDB would not. */
const MAX_TEXT = 4_000_000;
