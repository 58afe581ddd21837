import type { Api } from './api.js';
import { eventually } from './eventually.js';

/**
 * Waits until the versions in force are past the app's earliest useful refresh (5 s): a younger one is verified, never renewed.
 * @returns The views of the connections, as they are then.
 */
export function untilOld(api: Api, ...ids: string[]): Promise<any[]> {
  return eventually('versions that are old enough', async () => {
    const views = await Promise.all(ids.map((id) => api.ok('GET', `/v1/connections/${id}`)));
    return views.every((view) => Date.now() - view.obtainedAt > 6_000) && views;
  });
}
