/** How much a test does: a part of it in `npm test`, all of it with `HAWSER_PROOF=full`. */
export const proofSize = (small: number, full: number): number => (process.env.HAWSER_PROOF === 'full' ? full : small);
