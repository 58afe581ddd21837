import { ERROR_CODES } from '#domain/errors.js';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import type { Check } from '../check.js';
import { problem, type Finding } from '../finding.js';
import { countRuns } from '../visibility.js';

export const invalidConnections: Check = {
  name: 'no connection is invalid',
  needs: ['store', 'temporal'],
  async run({ temporal, survey }) {
    const findings: Finding[] = [];
    for (const { state } of await survey.connections()) {
      if (state.status !== 'invalid') continue;
      const { connectionId, name, since, reason } = state;
      const parked = await countRuns(
        temporal,
        `${SEARCH_ATTRIBUTE.waitingFor} = '${connectionId}' AND ExecutionStatus = 'Running'`,
      );
      const code = reason?.code ?? 'grant_revoked';
      findings.push(
        problem('connection_invalid', connectionId, {
          what: `The connection "${name}" (${connectionId}) is invalid since ${new Date(since).toISOString()} (${code}); ${parked} jobs and recipes wait for it.`,
          why: ERROR_CODES[code].text,
          next: 'Somebody with an account at the app opens a connect link (POST /v1/connections/:id/authorize). What waits goes on by itself.',
        }),
      );
    }
    return findings;
  },
};
