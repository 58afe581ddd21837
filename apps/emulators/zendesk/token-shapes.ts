import type { TokenShapes } from '../core/org.js';
import { randomHex } from '../core/random-text.js';

export const zendeskTokens: TokenShapes = {
  access: () => randomHex(64),
  refresh: () => randomHex(64),
  code: () => randomHex(40),
};
