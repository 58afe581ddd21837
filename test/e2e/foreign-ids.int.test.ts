/** Ids of another workspace, on every endpoint that takes one: 404 and never 403, and nothing of the other workspace changes. */
import { ENDPOINTS } from '#contract/endpoints.js';
import type { Api } from '../support/api.js';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { countPassed } from '../support/count-passed.js';
import { expectProblem } from '../support/expect-problem.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
let stranger: Api;
/** Ids of the first workspace, by the first segment of the paths that take them. */
let ids: Record<string, string>;
let attempt: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  const { api } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk));
  const [job] = await untilJobs(api, recipe, 'succeeded', 12);
  await api.ok('POST', `/v1/recipes/${recipe}/stop`, {});
  attempt = (await api.ok('POST', `/v1/connections/${salesforce}/authorize`, {})).attemptId;
  const clients = await api.ok('GET', '/v1/app-clients');
  ids = { connections: salesforce, recipes: recipe, jobs: job.id, 'app-clients': clients.items[0].id };
  stranger = await hawser.workspace('Strangers');
}, 180_000);
afterAll(() => hawser?.stop(), 60_000);
jest.setTimeout(30_000);

/** Bodies that are well-formed, so that nothing but the id can be at fault. */
const BODIES: Record<string, () => unknown> = {
  decideCandidate: () => ({ attemptId: attempt, accept: true }),
  patchAppClient: () => ({ name: 'Taken over' }),
  patchConnection: () => ({ name: 'Taken over' }),
  disconnectConnection: () => ({ confirm: true }),
  patchRecipe: () => ({ name: 'Taken over' }),
  rebindJob: () => ({ binding: 'zendesk', connectionId: ids.connections }),
};

const withIds = ENDPOINTS.filter(({ auth, path }) => auth === 'key' && path.includes('/:id'));

async function snapshot(): Promise<unknown> {
  const { api } = hawser;
  const views = await Promise.all(Object.entries(ids).map(([noun, id]) => api.ok('GET', `/v1/${noun}/${id}`)));
  return [views, (await api.ok('GET', `/v1/connections/${ids.connections}/attempts/${attempt}`)).end];
}

const passed = countPassed('foreign-ids', withIds.length);

test('there are such endpoints', () => expect(withIds.length).toBeGreaterThan(20));

test.each(withIds.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
  '%s',
  async (_, endpoint) => {
    const [, , noun = ''] = endpoint.path.split('/');
    const path = endpoint.path
      .replace(':id', ids[noun] ?? '')
      .replace(':attemptId', attempt)
      .replace(':name', 'Account');
    const query = endpoint.operationId === 'deleteConnection' ? '?force=true' : '';
    const before = await snapshot();
    const body =
      endpoint.method === 'GET' || endpoint.method === 'DELETE' ? undefined : (BODIES[endpoint.operationId]?.() ?? {});
    const answer = await stranger.send(endpoint.method, `${path}${query}`, body);
    expectProblem(answer, { status: 404, code: 'not_found', names: /in this workspace|There is no/ });
    // The same words as for an id that exists nowhere: nobody learns that it does.
    const nowhere = (ids[noun] ?? '').replace(/.{6}$/, 'zzzzzz');
    const other = await stranger.send(endpoint.method, `${path.replace(ids[noun] ?? '', nowhere)}${query}`, body);
    expect({ ...other.body, instance: null }).toEqual({
      ...answer.body,
      instance: null,
      detail: answer.body.detail.replace(ids[noun] ?? '', nowhere),
    });
    expect(await snapshot()).toEqual(before);
    passed();
  },
);

test('ids in bodies and queries lead nowhere either', async () => {
  const recipe = accountsToOrganizations(ids.connections ?? '', null);
  expectProblem(await stranger.send('POST', '/v1/recipes', recipe), {
    status: 400,
    code: 'request_invalid',
    pointer: '/bindings/salesforce/connectionId',
    names: /in this workspace/,
  });
  const connection = { app: 'salesforce', name: 'N', settings: {}, appClientId: ids['app-clients'] };
  expectProblem(await stranger.send('POST', '/v1/connections', connection), {
    status: 400,
    code: 'request_invalid',
    pointer: '/appClientId',
    names: /in this workspace/,
  });
  for (const query of [`recipeId=${ids.recipes}`, `connectionId=${ids.connections}`]) {
    expect((await stranger.ok('GET', `/v1/jobs?${query}`)).items).toEqual([]);
  }
  for (const noun of Object.keys(ids)) expect((await stranger.ok('GET', `/v1/${noun}`)).items).toEqual([]);
});
