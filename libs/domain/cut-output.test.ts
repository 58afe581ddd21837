import { cutOutput } from './cut-output.js';
import { mayRead } from './may-read.js';
import { jsonBytes, LARGEST_OUTPUT } from './sizes.js';

const kb = (n: number): string => 'x'.repeat(n * 1_000);

describe('g03: an output that is too large is cut and marked, never refused', () => {
  test('a small one is left as it is', () => {
    const output = { id: 1, text: kb(60) };
    expect(cutOutput('one', output, [])).toEqual({ output });
  });

  test('the id and what later steps read are kept, the rest is cut by name', () => {
    const output = { details: kb(900), id: 7, name: 'Ada', body: kb(131), note: 'small' };
    const { output: kept, cut } = cutOutput('one', output, [
      'trigger.Name',
      'steps.one.body & "!"',
      'steps.two.details',
    ]);
    expect(kept).toEqual({ id: 7, body: kb(131) });
    expect(cut).toEqual(['name', 'note', 'details']);
  });

  test('what nobody reads stays while it fits', () => {
    const { output, cut } = cutOutput('one', { big: kb(131), id: 7, name: 'Ada' }, []);
    expect(output).toEqual({ id: 7, name: 'Ada' });
    expect(cut).toEqual(['big']);
    expect(jsonBytes(output)).toBeLessThanOrEqual(LARGEST_OUTPUT);
  });

  test('of a large part only what is read of it is kept', () => {
    const output = { organization: { id: 9, details: kb(900), url: 'https://x' } };
    expect(cutOutput('one', output, ['steps.one.organization.id'])).toEqual({
      output: { organization: { id: 9, url: 'https://x' } },
      cut: ['organization.details'],
    });
  });

  test('what is read and larger than a step may hand on is cut too', () => {
    expect(cutOutput('one', { id: 1, body: kb(900) }, ['$substring(steps.one.body, 0, 10)'])).toEqual({
      output: { id: 1 },
      cut: ['body'],
    });
  });
});

test.each([
  ['steps.one.body', true],
  ['steps.one.`body`', true],
  ['$uppercase(steps.one.body)', true],
  ['steps.one', true],
  ['$string(steps.one)', true],
  ['steps.*.body', true],
  ['$lookup(steps, "one").body', true],
  ['steps.one.(body & name)', true],
  ['$$.steps', true],
  ['$string($)', true],
  ['$string()', true],
  ['"\\u0073teps"', true],
  ['steps.one.name', false],
  ['steps.two.body', false],
  ['trigger.body', false],
])('g03: %s reads the body of step one: %s', (expression, reads) => {
  expect(mayRead(expression, 'one', ['body'])).toBe(reads);
});

test('g03: bytes are those of UTF-8', () => {
  for (const text of ['abc', 'äöü', '€', '😀', '"\\n'])
    expect(jsonBytes(text)).toBe(Buffer.byteLength(JSON.stringify(text)));
});
