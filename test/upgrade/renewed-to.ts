import type { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';

/** Presses Refresh until the connection has so high a version. */
export const renewedTo = (api: Api, id: string, version: number): Promise<unknown> =>
  eventually(
    `version ${version}`,
    async () => {
      if ((await api.ok('GET', `/v1/connections/${id}`)).version >= version) return true;
      await api.send('POST', `/v1/connections/${id}/refresh`, {});
      return false;
    },
    90_000,
    1_000,
  );
