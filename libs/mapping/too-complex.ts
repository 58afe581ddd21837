/**
 * Refuses expressions whose mere reading is costly, before the library reads them: its parser recurses with the nesting and goes back over
 * a path for each `%` in it. 10,000 characters of `a.a.%.%` took 0.7 s of the gateway's only thread, of `a[a[a[` its stack.
 */

const DEPTH_LIMIT = 100;
const PARTS_LIMIT = 2_000;
/** `%` is the remainder too; nobody needs so many of either. */
const PARENTS_LIMIT = 100;

/** Texts, quoted names and comments: what stands in them is no structure. Open ones reach to the end. */
const QUIET =
  /"(?:[^"\\]|\\[\s\S])*(?:"|$)|'(?:[^'\\]|\\[\s\S])*(?:'|$)|`[^`]*(?:`|$)|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)/g;

/** Why an expression is too complex to be read; null when it is not. */
export function tooComplex(expression: string): { message: string; position: number } | null {
  const bare = expression.replace(QUIET, (text) => ' '.repeat(text.length));
  let [depth, parts, parents] = [0, 0, 0];
  for (const { 0: sign, index } of bare.matchAll(/[^\w\s$]/g)) {
    parts += 1;
    if (sign === '%') parents += 1;
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    const refuse = (message: string) => ({ message, position: index });
    if (depth > DEPTH_LIMIT) return refuse(`The expression nests deeper than ${DEPTH_LIMIT} brackets.`);
    if (parts > PARTS_LIMIT) return refuse(`The expression has more than ${PARTS_LIMIT} signs.`);
    if (parents > PARENTS_LIMIT) return refuse(`The expression has more than ${PARENTS_LIMIT} of the sign %.`);
  }
  return null;
}
