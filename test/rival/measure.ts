/** What the rival's tests count, at the app and in our logs. */
import type { LogEntry } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import type { Hawser } from '../support/start-hawser.js';

/** Requests to the token endpoint of an org that present a refresh token, in the order in which the app ended them. */
export async function renewals(hawser: Hawser, org: string): Promise<LogEntry[]> {
  const [app = '', name = ''] = org.split('/');
  return (await hawser.emulators.log({ app, org: name })).filter((entry) => entry.grantType === 'refresh_token');
}

/** Log events of one connection, by name, over all processes. */
export function eventsOf(hawser: Hawser, connectionId: string, name: string): number {
  return hawser
    .logs()
    .split('\n')
    .filter((line) => line.includes(`"event":"${name}"`) && line.includes(connectionId)).length;
}

/** Waits until a fault of the emulators has met so many requests. */
export function untilMet(hawser: Hawser, faultId: string, count = 1): Promise<unknown> {
  return eventually(`the app to have met ${count} requests`, async () => {
    const { faults } = await hawser.emulators.call<{ faults: { id: string; met: number }[] }>('GET', '/faults');
    return faults.some(({ id, met }) => id === faultId && met >= count);
  });
}

/** How often each value occurs: `98 × 200, 2 × 503`. */
export function tally(values: (string | number)[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} × ${value}`).join(', ');
}
