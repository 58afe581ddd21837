import { operatorCodeOfRecipe } from './operator-waits.js';

const trouble = (code: 'key_missing' | 'vault_unavailable' | 'temporarily_unavailable') => ({
  code,
  text: 'No',
  at: 1,
});
const waitingFor = { connectionId: 'con_1', code: 'client_rejected', requirement: null } as const;

test.each([
  [
    'its trigger needs the vault',
    { status: 'running', waitingFor: null, warning: trouble('key_missing') },
    'key_missing',
  ],
  [
    'it waits for a connection whose client is refused',
    { status: 'waiting', waitingFor, warning: null },
    'client_rejected',
  ],
  [
    'its trouble ends by itself',
    { status: 'running', waitingFor: null, warning: trouble('temporarily_unavailable') },
    null,
  ],
  [
    'the vault is away and comes back',
    { status: 'running', waitingFor: null, warning: trouble('vault_unavailable') },
    null,
  ],
  ['nothing is wrong', { status: 'running', waitingFor: null, warning: null }, null],
  ['it was stopped meanwhile', { status: 'stopped', waitingFor: null, warning: trouble('key_missing') }, null],
  ['it was deleted meanwhile', { status: 'deleted', waitingFor: null, warning: trouble('key_missing') }, null],
] as const)('a recipe waits for an operator or not: %s', (_, recipe, code) => {
  expect(operatorCodeOfRecipe(recipe)).toBe(code);
});
