/** Whole HTTP answers that hurt: any body, with any status, any headers, in any framing. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { WireAnswer } from './hostile-server.js';

export interface HostileAnswer {
  wire: WireAnswer;
  status: number;
  /** What a patient client could read; for error words that count as evidence. */
  body: string;
  /** Status, headers and body arrive whole and in order, however odd they look. */
  whole: boolean;
  /** It never ends: only a time-out helps. */
  endless: boolean;
  /** For the message of a failing case. */
  text: string;
}

const STATUSES = [
  200, 201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 415, 418,
  420, 422, 429, 431, 451, 500, 501, 502, 503, 504, 520, 599, 999,
];
export const anyStatus = fc.oneof(
  { weight: 5, arbitrary: fc.constant(200) },
  { weight: 4, arbitrary: fc.constantFrom(400, 401, 403, 429, 500, 503) },
  { weight: 4, arbitrary: fc.constantFrom(...STATUSES) },
);

const contentType = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'text/html',
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'image/png',
  '',
  'a/b, application/json',
  '\u00e9\u00e9',
  'multipart/mixed; boundary=x',
);

const oddHeader = fc.constantFrom(
  'Retry-After: 1',
  'Retry-After: 99999999999999999999',
  'Retry-After: -1',
  'Retry-After: 1e400',
  'Retry-After: Fri, 31 Dec 9999 23:59:59 GMT',
  'Retry-After: \u0001',
  'Date: Tue, 01 Jan 2999 00:00:00 GMT',
  'Date: Sat, 13 Sep 275760 00:00:00 GMT',
  'Date: Tue, 20 Apr -271821 00:00:00 GMT',
  'Date: x',
  'WWW-Authenticate: Bearer error="invalid_token"',
  'WWW-Authenticate: Basic',
  'WWW-Authenticate: "',
  'Location: http://169.254.169.254/latest/meta-data',
  'Location: file:///etc/passwd',
  'Set-Cookie: a=b; Domain=.',
  '__proto__: x',
  'constructor: x',
  'Content-Encoding: gzip',
  'Content-Encoding: br',
  'Connection: upgrade',
  'X-RateLimit-Reset: NaN',
  'ratelimit-reset: 1e999',
  'X-Bad: \u0000',
  'X-Long: ' + 'y'.repeat(8_000),
  'Trailer: x',
  'Via: 1.1 proxy',
  'Alt-Svc: h3=":443"',
);

/** With one of these no client takes the answer. */
const UNREADABLE = ['X-Bad: \u0000', 'Retry-After: \u0001', 'Connection: upgrade'];

/** Headers beyond what any client takes. */
const flood = fc.constantFrom(
  Array.from({ length: 500 }, (_, index) => `X-Flood-${index}: ${'z'.repeat(100)}`),
  [`X-Huge: ${'z'.repeat(200_000)}`],
);

type Framing =
  | 'exact'
  | 'chunked'
  | 'until close'
  | 'split'
  | 'informed'
  | 'truncated'
  | 'reset'
  | 'long'
  | 'chunk garbage'
  | 'two lengths'
  | 'drip'
  | 'nothing'
  | 'reset at once'
  | 'bad line'
  | 'old'
  | 'inform flood'
  | 'silent'
  | 'early close';
const ENDLESS: readonly Framing[] = ['drip', 'inform flood', 'silent'];
const WHOLE: readonly Framing[] = ['exact', 'chunked', 'until close', 'split', 'informed'];
const framing: fc.Arbitrary<Framing> = fc.oneof(
  { weight: 30, arbitrary: fc.constant<Framing>('exact') },
  { weight: 12, arbitrary: fc.constantFrom<Framing>(...WHOLE) },
  {
    weight: 10,
    arbitrary: fc.constantFrom<Framing>(
      'truncated',
      'reset',
      'long',
      'chunk garbage',
      'two lengths',
      'nothing',
      'reset at once',
      'bad line',
      'old',
      'early close',
    ),
  },
  // Each of these costs a whole time-out.
  { weight: 1, arbitrary: fc.constantFrom(...ENDLESS) },
);

/** An answer with a body of this kind. */
export function hostileAnswer(
  body: fc.Arbitrary<string | Buffer>,
  status: fc.Arbitrary<number> = anyStatus,
): fc.Arbitrary<HostileAnswer> {
  return fc
    .record({
      body,
      status,
      type: contentType,
      odd: fc.oneof(
        { weight: 3, arbitrary: fc.constant<string[]>([]) },
        { weight: 2, arbitrary: fc.array(oddHeader, { maxLength: 4 }) },
      ),
      flooded: fc.oneof({ weight: 60, arbitrary: fc.constant<string[] | null>(null) }, { weight: 1, arbitrary: flood }),
      framing,
      zipped: fc.oneof({ weight: 40, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    })
    .map(({ body: given, status: code, type, odd, flooded, framing: frame, zipped }) => {
      const plain = Buffer.isBuffer(given) ? given : Buffer.from(given, 'utf8');
      const bytes = zipped ? gzipSync(plain) : plain;
      const headers = [
        `HTTP/1.1 ${code} Whatever`,
        ...(type === '' ? [] : [`Content-Type: ${type}`]),
        ...odd,
        ...(zipped ? ['Content-Encoding: gzip'] : []),
        ...(flooded ?? []),
      ];
      const bodiless = code === 204 || code === 304;
      const text = plain.toString('utf8');
      return {
        wire: framed(frame, headers, bodiless ? Buffer.alloc(0) : bytes),
        status: code,
        body: text,
        whole:
          WHOLE.includes(frame) &&
          !zipped &&
          flooded === null &&
          !bodiless &&
          !odd.some((header) => UNREADABLE.includes(header)),
        endless: ENDLESS.includes(frame),
        text: `${frame}${zipped ? ', zipped' : ''}: ${headers.join(' | ').slice(0, 400)} || ${text.slice(0, 300)}`,
      };
    });
}

function framed(frame: Framing, headers: string[], body: Buffer): WireAnswer {
  const head = (...more: string[]): Buffer => Buffer.from(`${[...headers, ...more].join('\r\n')}\r\n\r\n`, 'latin1');
  const sized = head(`Content-Length: ${body.length}`);
  const whole = Buffer.concat([sized, body]);
  const close = (...chunks: Buffer[]): WireAnswer => ({ chunks, end: 'close' });
  const inform = Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n');
  switch (frame) {
    case 'exact':
      return close(whole);
    case 'chunked':
      return close(
        head('Transfer-Encoding: chunked'),
        chunkOf(body.subarray(0, body.length >> 1)),
        chunkOf(body.subarray(body.length >> 1)),
        Buffer.from('0\r\n\r\n'),
      );
    case 'until close':
      return close(head(), body);
    case 'split':
      return close(...[...whole.subarray(0, 60)].map((byte) => Buffer.from([byte])), whole.subarray(60));
    case 'informed':
      return close(inform, inform, whole);
    case 'truncated':
      return close(head(`Content-Length: ${body.length + 10}`), body);
    case 'reset':
      return { chunks: [head(`Content-Length: ${body.length + 10}`), body], end: 'reset' };
    case 'long':
      return close(head(`Content-Length: ${Math.max(0, body.length - 1)}`), body);
    case 'chunk garbage':
      return close(head('Transfer-Encoding: chunked'), Buffer.from('zz\r\n'), body);
    case 'two lengths':
      return close(head(`Content-Length: ${body.length}`, `Content-Length: ${body.length + 1}`), body);
    case 'nothing':
      return close();
    case 'early close':
      return close(Buffer.from(`${headers[0]}\r\nContent-Ty`));
    case 'reset at once':
      return { chunks: [], end: 'reset' };
    case 'bad line':
      return close(Buffer.from('ICY 200 OK\r\n\r\n'), body);
    case 'old':
      return close(Buffer.from('HTTP/0.9 200 OK\n\n'), body);
    case 'drip':
      return { chunks: [head('Content-Length: 1000000'), body, Buffer.from(' ')], end: 'drip' };
    case 'inform flood':
      return { chunks: [inform], end: 'drip' };
    case 'silent':
      return { chunks: [], end: 'keep' };
  }
}

/** An empty chunk would end the answer. */
const chunkOf = (bytes: Buffer): Buffer =>
  bytes.length === 0
    ? Buffer.alloc(0)
    : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

/** A proper JSON answer: what a step before, or after, the hostile one gets. */
export function goodAnswer(body: unknown, status = 200): WireAnswer {
  const text = status === 204 ? '' : JSON.stringify(body);
  return {
    chunks: [
      Buffer.from(
        `HTTP/1.1 ${status} OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
      ),
    ],
    end: 'close',
  };
}
