/** What every answer of our API must be, whatever was asked. */
import type { EndpointSpec } from '#contract/endpoint.js';
import { ENDPOINTS } from '#contract/endpoints.js';
import { ProblemSchema } from '#contract/problem.js';
import type { Operation } from './openapi-operations.js';
import type { RawAnswer } from './raw-http.js';

const CONTRACT = new Map<string, EndpointSpec>(ENDPOINTS.map((endpoint) => [endpoint.operationId, endpoint]));

/** Throws unless the answer is as the document says: a documented status, and the shape that belongs to it. */
export function judgeAnswer(operation: Operation, answer: RawAnswer, sentBody: string | Buffer | null): void {
  const { status, type, text } = answer;
  const told = `${status} ${type}: ${text.slice(0, 600)}`;
  const documented = operation.answers.get(status);
  if (!documented) throw new Error(`${operation.id} does not document ${told}`);
  if (status < 400) return judgeGood(operation, answer);
  if (type.startsWith('text/html')) {
    if (!documented.types.has('text/html')) throw new Error(`A page for a program: ${told}`);
    return;
  }
  judgeProblem(answer, sentBody);
  const { code } = JSON.parse(text) as { code: string };
  if (!documented.codes.has(code)) throw new Error(`${operation.id} does not document the code ${code}: ${told}`);
}

function judgeGood(operation: Operation, { type, text, status }: RawAnswer): void {
  const { response, produces } = CONTRACT.get(operation.id)!;
  if (response) {
    expect(type).toMatch(/^application\/json/);
    const read = response.safeParse(JSON.parse(text));
    if (!read.success)
      throw new Error(
        `${operation.id} answers another shape: ${JSON.stringify(read.error.issues).slice(0, 400)} in ${text.slice(0, 400)}`,
      );
  } else if (produces === 'text/html')
    expect([status, type]).toEqual(status === 303 ? [303, type] : [200, expect.stringMatching(/^text\/html/)]);
  else if (produces === 'text/event-stream')
    expect([status, type, text]).toEqual([
      200,
      expect.stringMatching(/^text\/event-stream/),
      expect.stringMatching(/^retry: \d+\n/),
    ]);
  else expect([status, text]).toEqual([204, '']);
}

/** RFC 9457, in our shape; a request that is not valid is told which part of it is at fault. */
export function judgeProblem({ status, type, text }: RawAnswer, sentBody: string | Buffer | null = null): void {
  const told = `${status} ${type}: ${text.slice(0, 600)}`;
  if (!/^application\/problem\+json/.test(type)) throw new Error(`No problem document: ${told}`);
  const read = ProblemSchema.safeParse(JSON.parse(text));
  if (!read.success) throw new Error(`No problem of ours (${JSON.stringify(read.error.issues[0])}): ${told}`);
  const { data: problem } = read;
  expect({ status: problem.status, type: problem.type }).toEqual({
    status,
    type: `urn:hawser:problem:${problem.code}`,
  });
  for (const sentence of [problem.title, problem.detail, problem.cure])
    if (!/\S/.test(sentence ?? '')) throw new Error(`A blank sentence: ${told}`);
  if (problem.code !== 'request_invalid') return;
  const faults =
    problem.errors ?? (problem.pointer === undefined ? [] : [{ pointer: problem.pointer, detail: problem.detail }]);
  if (faults.length === 0 && !/path|Content-Type|Content-Length/.test(problem.detail))
    throw new Error(`Nothing is named: ${told}`);
  for (const fault of faults) judgeFault(fault, told, sentBody);
}

/** A pointer by RFC 6901 whose field stands in the sentence: by its name, or by the value that was sent. */
function judgeFault(
  { pointer, detail }: { pointer: string; detail: string },
  told: string,
  sentBody: string | Buffer | null,
): void {
  const [, part, path] = /^(#\/(?:path|query|header))?((?:\/(?:[^/~]|~[01])*)*)$/s.exec(pointer) ?? [];
  if (path === undefined) throw new Error(`"${pointer}" is no pointer: ${told}`);
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  const last = steps.at(-1);
  if (last === undefined || /^\d+$/.test(last) || speaksOf(detail, last)) return;
  const value = part === undefined && sentBody !== null ? valueAt(parsed(sentBody), steps) : undefined;
  if (typeof value === 'string' && detail.includes(value.slice(0, 40))) return;
  throw new Error(`The sentence does not name "${last.slice(0, 60)}": ${told}`);
}

/** "appClientId" is spoken of as an app client, "bindings" as what a recipe binds: the words, not the spelling. */
function speaksOf(detail: string, name: string): boolean {
  const text = detail.toLowerCase();
  if (text.includes(name.slice(0, 40).toLowerCase())) return true;
  const words = name
    .replace(/Ids?$/, '')
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()
    .replace(/ings?$/, '')
    .trim();
  return words.length > 2 && text.includes(words);
}

const valueAt = (document: unknown, steps: string[]): unknown =>
  steps.reduce<any>(
    (at, step) => (typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? at[step] : undefined),
    document,
  );

function parsed(body: string | Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
