import './stack/forget-blank-settings.mjs';
import { allItems, createApiClient } from './demo/api-client.mjs';
import { connect } from './demo/connect.mjs';
import { ensureRecipe } from './demo/recipe.mjs';

// What the emulators are seeded with (apps/emulators).
const SEEDED_ACCOUNTS = 12;
const PASSWORD = 'hawser-demo-1';
const SALESFORCE = {
  app: 'salesforce',
  name: 'Acme Salesforce (emulated)',
  settings: { environment: 'production' },
  client: { clientId: 'hawser-demo-salesforce', clientSecret: 'hawser-demo-salesforce-secret' },
  person: { username: 'admin@hawser-dev.example', password: PASSWORD },
};
const ZENDESK = {
  app: 'zendesk',
  name: 'Acme Zendesk (emulated)',
  settings: { subdomain: 'acme' },
  client: { clientId: 'hawser_demo_zendesk', clientSecret: 'hawser-demo-zendesk-secret' },
  person: { username: 'admin@acme.example', password: PASSWORD },
};
const WAIT_MS = 120_000;
/** The list of jobs comes from Temporal's visibility, which knows of a job's end a moment after its recipe does. */
const LIST_LAGS_MS = 5_000;

/**
 * The main job before the newcomer's eyes, all over the REST API: two connections with their consents, one recipe, and each
 * seeded account as it becomes an organization. A second run finds all of it and makes nothing twice.
 */
export async function runDemo({ api, apiKey, log, note = () => {} }) {
  const call = createApiClient(api, apiKey);
  const salesforce = await connect({ call, log, ...SALESFORCE });
  const zendesk = await connect({ call, log, ...ZENDESK });
  const { recipe, made } = await ensureRecipe({ call, salesforce, zendesk });
  if (made) log(`     Recipe "${recipe.name}" started`);
  const done = await watchJobs({ call, recipeId: recipe.id, log: made ? log : () => {}, note });
  note(`${Math.min(done, SEEDED_ACCOUNTS)} of ${SEEDED_ACCOUNTS} organizations${made ? '' : ', found again'}`);
  if (done < SEEDED_ACCOUNTS) log(`     Not all jobs have ended yet; see ${api}/v1/jobs?recipeId=${recipe.id}`);
}

/** Tells of each job that has succeeded, until there are as many as seeded accounts. Returns how many there are. */
export async function watchJobs({ call, recipeId, log, note }) {
  const told = new Set();
  const until = Date.now() + WAIT_MS;
  let allEndedAt;
  while (Date.now() < until) {
    const succeeded = await allItems(call, `/v1/jobs?recipeId=${recipeId}&status=succeeded`);
    for (const { id } of succeeded.reverse()) {
      if (told.has(id)) continue;
      told.add(id);
      log(`     ${String(told.size).padStart(2)} of ${SEEDED_ACCOUNTS}  ${await describe(call, id)}`);
    }
    note(`${told.size} of ${SEEDED_ACCOUNTS}`);
    if (told.size >= SEEDED_ACCOUNTS) break;
    const { status, jobsStarted, openJobs } = await call('GET', `/v1/recipes/${recipeId}`);
    // On a later start a person may have revoked the grant or stopped the recipe: there is nothing to wait for then.
    if (status === 'waiting' || status === 'stopped') break;
    if (jobsStarted >= SEEDED_ACCOUNTS && openJobs === 0) allEndedAt ??= Date.now();
    // Jobs live in Temporal: after its database was lost they are known by the recipe's count only.
    if (Date.now() - allEndedAt > LIST_LAGS_MS) return jobsStarted;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return told.size;
}

async function describe(call, jobId) {
  const job = await call('GET', `/v1/jobs/${encodeURIComponent(jobId)}`);
  const organization = job.steps.at(-1)?.output;
  const account = job.event.data.Name ?? job.event.recordId;
  return `${account} -> organization ${organization?.id ?? '(see the job)'}${organization?.created === false ? ' (updated)' : ''}`;
}
