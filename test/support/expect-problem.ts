/** Asserts a refusal: RFC 9457, its code, the field at fault, and sentences for people. */
import type { ApiAnswer } from './api.js';

export interface ExpectedProblem {
  status: number;
  code: string;
  /** JSON pointer to the field; left out where no field is at fault. */
  pointer?: string;
  /** What the sentence must name. */
  names?: RegExp;
}

export function expectProblem({ status, headers, body }: ApiAnswer, expected: ExpectedProblem): void {
  expect({ status, code: body.code, ...(expected.pointer !== undefined && { pointer: body.pointer }) }).toEqual({
    status: expected.status,
    code: expected.code,
    ...(expected.pointer !== undefined && { pointer: expected.pointer }),
  });
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: `urn:hawser:problem:${expected.code}`,
    status,
    title: expect.stringMatching(/\w/),
    instance: expect.stringMatching(/^urn:hawser:request:\S+$/),
  });
  // A cause and a cure, each a sentence.
  expect(body.detail).toMatch(/^[A-Z].*\S[.!…)"]?.*/s);
  expect(body.cure).toMatch(/^[A-Z].*\.$/s);
  if (expected.names) expect(body.detail).toMatch(expected.names);
}
