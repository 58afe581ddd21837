/** The recipe of the product page, and what tests do with recipes and jobs. */
import type { Api } from './api.js';
import { eventually } from './eventually.js';

/** New or updated Salesforce account -> Zendesk organization. */
export function accountsToOrganizations(
  salesforce: string | null,
  zendesk: string | null,
  since: string = 'beginning',
  concurrency = 5,
): any {
  return {
    name: 'New or updated Salesforce account -> Zendesk organization',
    definition: {
      trigger: { binding: 'salesforce', operation: 'new_or_updated_account', input: { since } },
      steps: [
        {
          id: 'organization',
          binding: 'zendesk',
          operation: 'create_or_update_organization',
          input: { external_id: 'trigger.Id', name: 'trigger.Name', details: 'trigger.Website' },
        },
      ],
      concurrency,
    },
    bindings: {
      salesforce: { app: 'salesforce', connectionId: salesforce },
      zendesk: { app: 'zendesk', connectionId: zendesk },
    },
  };
}

export async function createRecipe(api: Api, recipe: unknown): Promise<string> {
  return (await api.ok('POST', '/v1/recipes', recipe)).id as string;
}

export async function startedRecipe(api: Api, recipe: any): Promise<string> {
  const id = await createRecipe(api, recipe);
  await api.ok('POST', `/v1/recipes/${id}/start`, {});
  return id;
}

/** Waits for the first poll of a started recipe. */
export const untilPolled = (api: Api, recipeId: string): Promise<unknown> =>
  eventually('the first poll', async () => (await api.ok('GET', `/v1/recipes/${recipeId}`)).lastPollAt !== null);

export async function jobsOf(api: Api, recipeId: string, status?: string): Promise<any[]> {
  const items: any[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ recipeId, limit: '100', ...(status && { status }), ...(cursor && { cursor }) });
    const page: any = await api.ok('GET', `/v1/jobs?${query.toString()}`);
    items.push(...page.items);
    cursor = page.nextCursor ?? null;
  } while (cursor);
  return items;
}

/** Waits until the recipe has so many jobs of that status; a failure tells how its jobs stand. */
export const untilJobs = (
  api: Api,
  recipeId: string,
  status: string,
  count: number,
  withinMs = 60_000,
): Promise<any[]> =>
  eventually(
    `${count} jobs ${status}`,
    async () => {
      const jobs = await jobsOf(api, recipeId, status);
      return jobs.length >= count && jobs;
    },
    withinMs,
    250,
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}; they stand so: ${JSON.stringify(await jobsOf(api, recipeId))}`);
  });
