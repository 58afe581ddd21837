import type { Org, TokenShapes } from '../core/org.js';
import { randomText } from '../core/random-text.js';
import { orgId } from './ids.js';

/** As the real ones look: the access token names the org, the code ends in characters that a query must escape. */
export function salesforceTokens(org: Org): TokenShapes {
  return {
    access: () => `${orgId(org).slice(0, 15)}!AQ${randomText(94, '._')}`,
    refresh: () => `5Aep861${randomText(76, '._')}`,
    code: () => `aPrx${randomText(84, '._')}==`,
  };
}
