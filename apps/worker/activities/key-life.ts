/** How long an app's idempotency key protects. Pure. */

/** From the look at the clock until the request has reached the app: two minutes are longer than a request lives, with its way there. */
const MARGIN_MS = 2 * 60_000;

/**
 * Whether a send by an idempotency key could be done twice, because the app may have forgotten the key of the first one.
 * @param keyLifeMs Of the action's manifest; undefined: it needs no key.
 * @param firstSentAt When the first send may have reached the app (epoch ms); undefined: none has.
 */
export function isKeyForgotten(keyLifeMs: number | undefined, firstSentAt: number | undefined, now: number): boolean {
  return keyLifeMs !== undefined && firstSentAt !== undefined && now + MARGIN_MS >= firstSentAt + keyLifeMs;
}
