/**
 * Whether an expression may read a field of a step's output. By its text, not by its tree: workflows cannot parse, and a "yes" too
 * many only keeps what nobody reads.
 * @param path Names from the output down to the field.
 */
export function mayRead(expression: string, stepId: string, path: string[]): boolean {
  if (READS_ANYTHING.test(expression)) return true;
  const names = ['steps', stepId, ...path];
  for (const [index, name] of names.entries()) {
    if (!expression.includes(name)) return false;
    if (index < names.length - 1 && !namesEach(expression, name)) return true;
  }
  return true;
}

/** The root or the context itself, parents, wildcards (also a product), calls that take the context, escapes that may hide a name. */
const READS_ANYTHING = /\$(?!\w)|[*%\\]|\(\s*\)/;

/** Each time that the word stands there, a name follows: else the whole of it may be read. */
function namesEach(expression: string, word: string): boolean {
  const pattern = new RegExp(`(?<!\\w)${word.replace(/[^\w]/g, '\\$&')}(?!\\w)`);
  const uses = expression.split(pattern).slice(1);
  return uses.every((rest) => /^[`"']?\s*\.\s*[\w`"']/.test(rest));
}
