import type { FastifyInstance } from 'fastify';
import { requireAccess } from './access.js';
import { SalesforceError } from './api-error.js';
import { quotaLeft } from './quota.js';
import { identityUrl, type Site } from './site.js';
import { newest, oldest, versionList, versionNumber } from './versions.js';

/** Throws for versions that were retired or do not exist yet. */
export function requireVersion(path: string): void {
  const version = versionNumber(path);
  if (version >= oldest && version <= newest) return;
  // The status of a retired version is not confirmed by a document (saas-apis 2.3).
  if (version < oldest) throw new SalesforceError(410, 'UNSUPPORTED_API_VERSION', 'This API version is retired');
  throw new SalesforceError(404, 'NOT_FOUND', 'The requested resource does not exist');
}

function resources(version: string, identity: string): Record<string, string> {
  const base = `/services/data/${version}`;
  const names = [
    'sobjects',
    'query',
    'queryAll',
    'limits',
    'composite',
    'ui-api',
    'search',
    'recent',
    'tooling',
    'chatter',
    'actions',
    'jobs',
  ];
  return { ...Object.fromEntries(names.map((name) => [name, `${base}/${name}`])), identity };
}

export function addDataRoutes(server: FastifyInstance, site: Site): void {
  // Needs no session (saas-apis 2.3).
  server.get('/services/data', async (_, reply) => reply.send(versionList()));
  server.get<{ Params: { version: string } }>('/services/data/:version', async (request, reply) => {
    const { user } = requireAccess(site, request);
    return reply.send(resources(request.params.version, identityUrl(site, request, user.id)));
  });
  // Nobody here looks at records in a browser, so nothing was viewed lately.
  server.get('/services/data/:version/recent', async (request, reply) => {
    requireAccess(site, request);
    return reply.send([]);
  });
  server.get('/services/data/:version/limits', async (request, reply) => {
    requireAccess(site, request);
    const limit = (max: number, left = max): { Max: number; Remaining: number } => ({ Max: max, Remaining: left });
    return reply.send({
      ConcurrentAsyncGetReportInstances: limit(200),
      DailyApiRequests: limit(site.org.policy.requestQuota, Math.max(0, quotaLeft(site.org))),
      DailyAsyncApexExecutions: limit(250_000),
      DailyBulkApiBatches: limit(15_000),
      DailyBulkV2QueryJobs: limit(10_000),
      DailyStreamingApiEvents: limit(10_000),
      DataStorageMB: limit(5, 4),
      FileStorageMB: limit(20),
      HourlyTimeBasedWorkflow: limit(1_000),
      SingleEmail: limit(15),
    });
  });
}
