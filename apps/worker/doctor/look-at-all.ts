/** Looks at many workflows at once, and stops when nobody answers: without a worker each question waits for its deadline. */
const AT_ONCE = 10;

/** Runs `look` for each; ends early when a whole batch answered `unanswered`. */
export async function lookAtAll<Item, Found>(
  items: readonly Item[],
  look: (item: Item) => Promise<Found | 'unanswered'>,
): Promise<{ found: Found[]; unanswered: number }> {
  const found: Found[] = [];
  let unanswered = 0;
  for (let first = 0; first < items.length; first += AT_ONCE) {
    const answers = await Promise.all(items.slice(first, first + AT_ONCE).map(look));
    found.push(...answers.filter((answer): answer is Awaited<Found> => answer !== 'unanswered'));
    const silent = answers.filter((answer) => answer === 'unanswered').length;
    unanswered += silent;
    if (silent === answers.length) return { found, unanswered: unanswered + items.length - first - answers.length };
  }
  return { found, unanswered };
}
