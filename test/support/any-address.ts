/** What a test's own servers on loopback need: a socket out that dials them, in the clear too. No setting can say this. */
import type { PrivateAddresses } from '#http/private-addresses.js';

export const ANY_ADDRESS: PrivateAddresses = { allows: () => true, allowsPlainHttp: () => true };
