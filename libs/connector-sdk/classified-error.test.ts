import { classifiedError } from './classified-error.js';

const TOKEN = '94a1f3c2b7d8e6f5a4c3b2d1e0f9a8b7';
const response = { status: 403, headers: {}, json: null, text: '', at: 1 };

test('what the app said is redacted, in the evidence and in the sentence', () => {
  const error = classifiedError(
    {
      kind: 'error',
      code: 'right_missing',
      refusedBeforeProcessing: true,
      appCode: `E${TOKEN}`,
      appMessage: `Not for ${TOKEN}, ask`,
    },
    response,
  );
  expect(error.detail).toContain('Not for [redacted], ask');
  expect(error.options.evidence).toEqual({
    at: 1,
    status: 403,
    appCode: '[redacted]',
    appMessage: 'Not for [redacted], ask',
  });
  expect(JSON.stringify([error, error.message, error.stack])).not.toContain(TOKEN);
});

test('a code alone is said when there is no sentence', () => {
  const { detail } = classifiedError(
    { kind: 'error', code: 'right_missing', refusedBeforeProcessing: true, appCode: 'FORBIDDEN' },
    response,
  );
  expect(detail).toMatch(/The app says: FORBIDDEN$/);
});
