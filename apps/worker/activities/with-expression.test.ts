import { HawserError } from '#domain/errors.js';
import { withExpression } from './with-expression.js';

const expressions = { tags: 'trigger.Tags', long: 'x'.repeat(500) };
const refused = (pointer: string): HawserError => new HawserError('mapping_failed', 'It does not fit.', { pointer });

test('g28: a field that a connector refuses is named with its expression', () => {
  expect(withExpression(refused('/tags/0'), expressions)).toMatchObject({
    code: 'mapping_failed',
    message: 'It does not fit. The value comes from the expression `trigger.Tags`.',
    options: { pointer: '/input/tags/0' },
  });
});

test('g28: a long expression is cut', () => {
  expect(String(withExpression(refused('/long'), expressions))).toHaveLength(
    'HawserError: It does not fit. The value comes from the expression ``.'.length + 201,
  );
});

test.each([
  ['one that names it already', refused('/input/tags')],
  ['a field without an expression', refused('/other')],
  ['another failure', new HawserError('rate_limited')],
  ['a defect', new Error('x')],
])('g28: %s stays as it is', (_, error) => expect(withExpression(error, expressions)).toBe(error));
