import { findManifest } from '#connectors/manifests.js';
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';
import { checkRecipe } from './check-recipe.js';

const WORLD = {
  findManifest,
  appOf: (id: string) => (({ con_sf: 'salesforce', con_zd: 'zendesk' }) as Record<string, string>)[id] ?? null,
};

const sound = (): { definition: RecipeDefinition; bindings: RecipeBindings } => ({
  definition: {
    trigger: { binding: 'salesforce', operation: 'new_or_updated_account', input: { since: 'beginning' } },
    steps: [
      {
        id: 'organization',
        binding: 'zendesk',
        operation: 'create_or_update_organization',
        input: { external_id: 'trigger.Id', name: 'trigger.Name' },
      },
      {
        id: 'ticket',
        binding: 'zendesk',
        operation: 'create_ticket',
        input: { subject: '"New: " & trigger.Name', comment: '"See " & steps.organization.id' },
      },
    ],
    concurrency: 5,
  },
  bindings: {
    salesforce: { app: 'salesforce', connectionId: 'con_sf' },
    zendesk: { app: 'zendesk', connectionId: null },
  },
});

/** Pointers of the faults after one change. */
function faultsAfter(change: (recipe: ReturnType<typeof sound>) => void) {
  const recipe = sound();
  change(recipe);
  return [...checkRecipe(recipe.definition, recipe.bindings, WORLD)].flat();
}
const pointersAfter = (change: Parameters<typeof faultsAfter>[0]) => faultsAfter(change).map(({ pointer }) => pointer);

test('a sound recipe has no fault', () => expect(faultsAfter(() => undefined)).toEqual([]));

test('a recipe that binds nothing', () => {
  expect(pointersAfter((recipe) => void (recipe.bindings = {}))[0]).toBe('/bindings');
});

test('unknown app, connection and wrong app of a binding', () => {
  expect(
    pointersAfter(({ bindings }) => void (bindings['zendesk'] = { app: 'zendesque', connectionId: null })),
  ).toEqual(['/bindings/zendesk/app']);
  expect(
    pointersAfter(({ bindings }) => void (bindings['zendesk'] = { app: 'zendesk', connectionId: 'con_foreign' })),
  ).toEqual(['/bindings/zendesk/connectionId']);
  expect(
    faultsAfter(({ bindings }) => void (bindings['zendesk'] = { app: 'zendesk', connectionId: 'con_sf' }))[0]?.detail,
  ).toContain('is one of salesforce');
});

test('unknown binding, trigger and trigger field', () => {
  expect(pointersAfter(({ definition }) => void (definition.trigger.binding = 'sf'))).toEqual([
    '/definition/trigger/binding',
  ]);
  expect(pointersAfter(({ definition }) => void (definition.trigger.operation = 'nothing'))).toEqual([
    '/definition/trigger/operation',
  ]);
  expect(pointersAfter(({ definition }) => void (definition.trigger.input = { 'si/nce': 1 }))).toEqual([
    '/definition/trigger/input/si~1nce',
  ]);
  expect(pointersAfter(({ definition }) => void (definition.trigger.input = { since: 5 }))).toEqual([
    '/definition/trigger/input/since',
  ]);
});

test.each([
  ['yesterday', 'cannot be read as a moment'],
  ['2026-02-30', 'cannot be read as a moment'],
  ['30.11.2026', '"beginning", "now", or a date'],
  ['5000-01-01', 'cannot be read as a moment'],
  [['now'], 'must be of type datetime'],
])('g29: since %s is refused at the door', (since, sentence) => {
  const faults = faultsAfter(({ definition }) => void (definition.trigger.input = { since }));
  expect(faults.map(({ pointer }) => pointer)).toEqual(['/definition/trigger/input/since']);
  expect(faults[0]?.detail).toContain(sentence);
});

test.each([
  '2026-11-30',
  '2026-11-30T10:00:00',
  '2026-11-30T10:00:00.000+0000',
  '2026-11-30T10:00:00+01:00',
  'now',
  ' Beginning ',
  '',
  null,
])('g29: since %s is taken', (since) => {
  expect(faultsAfter(({ definition }) => void (definition.trigger.input = { since }))).toEqual([]);
});

test.each([
  ['object', '"Accou nt"'],
  ['object', '5'],
  ['id', '"12"'],
  ['fields', '"Name"'],
])('g29: a constant that cannot be the field %s is refused at the door (%s)', (field, expression) => {
  const faults = faultsAfter(({ definition, bindings }) => {
    bindings['target'] = { app: 'salesforce', connectionId: 'con_sf' };
    const input = { object: '"Account"', id: 'trigger.Id', fields: '{"Name": trigger.Name}', [field]: expression };
    definition.steps = [{ id: 'one', binding: 'target', operation: 'update_record', input }];
  });
  expect(faults.map(({ pointer }) => pointer)).toEqual([`/definition/steps/0/input/${field}`]);
});

test('g26: a number that would lose digits is refused where it is written', () => {
  const faults = faultsAfter(
    ({ definition }) => void (definition.steps[0]!.input['external_id'] = '123456789012345678'),
  );
  expect(faults).toMatchObject([
    { pointer: '/definition/steps/0/input/external_id', detail: expect.stringContaining('in quotes') as string },
  ]);
  expect(
    faultsAfter(({ definition }) => void (definition.steps[0]!.input['external_id'] = '"123456789012345678"')),
  ).toEqual([]);
});

test('unknown action, field, missing field and duplicate step id', () => {
  expect(pointersAfter(({ definition }) => void (definition.steps[0]!.operation = 'nothing'))).toEqual([
    '/definition/steps/0/operation',
  ]);
  expect(pointersAfter(({ definition }) => void (definition.steps[0]!.input['colour'] = '"red"'))).toEqual([
    '/definition/steps/0/input/colour',
  ]);
  expect(pointersAfter(({ definition }) => void delete definition.steps[0]!.input['name'])).toEqual([
    '/definition/steps/0/input/name',
  ]);
  expect(pointersAfter(({ definition }) => void (definition.steps[1]!.id = 'organization'))).toContain(
    '/definition/steps/1/id',
  );
});

test('names of every object are not fields', () => {
  expect(pointersAfter(({ definition }) => void (definition.trigger.binding = 'constructor'))).toEqual([
    '/definition/trigger/binding',
  ]);
});

test.each([
  ['does not parse', 'trigger.(', 'cannot be read'],
  ['reads a root that does not exist', 'triger.Name', 'does not exist'],
  ['reads a later step', 'steps.ticket.id', 'does not run before'],
  ['reads itself', 'steps.organization.id', 'does not run before'],
  ['is refused by the guard', '$eval("1")', 'not allowed'],
])('a mapping that %s', (_, expression, sentence) => {
  const faults = faultsAfter(({ definition }) => void (definition.steps[0]!.input['name'] = expression));
  expect(faults.map(({ pointer }) => pointer)).toEqual(['/definition/steps/0/input/name']);
  expect(faults[0]?.detail).toContain(sentence);
});
