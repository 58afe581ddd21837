import { soqlError, unexpectedToken } from './soql-error.js';

export interface Token {
  kind: 'word' | 'string' | 'number' | 'date' | 'datetime' | 'sign' | 'end';
  text: string;
  position: number;
  /** Strings: the text with `\%` and `\_` kept, for LIKE. */
  pattern?: string;
}

const escapes: Record<string, string> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
};
const shapes: [Token['kind'], RegExp][] = [
  ['datetime', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/y],
  ['date', /\d{4}-\d\d-\d\d(?![\dT])/y],
  ['number', /[+-]?\d+(?:\.\d+)?(?![\w-])/y],
  ['word', /[A-Za-z_][\w.:]*/y],
  ['sign', /<=|>=|!=|<>|[=<>(),]/y],
];

export function tokens(query: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < query.length) {
    if (/\s/.test(query[at] ?? '')) {
      at += 1;
      continue;
    }
    const token = query[at] === "'" ? stringAt(query, at) : plainAt(query, at);
    found.push(token.token);
    at = token.end;
  }
  found.push({ kind: 'end', text: '', position: query.length });
  return found;
}

function plainAt(query: string, at: number): { token: Token; end: number } {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = at;
    const text = shape.exec(query)?.[0];
    if (text !== undefined) return { token: { kind, text, position: at }, end: at + text.length };
  }
  throw unexpectedToken(query, at, query[at] ?? '');
}

function stringAt(query: string, start: number): { token: Token; end: number } {
  let text = '';
  let pattern = '';
  for (let at = start + 1; at < query.length; at += 1) {
    const letter = query[at] ?? '';
    if (letter === "'") return { token: { kind: 'string', text, pattern, position: start }, end: at + 1 };
    if (letter !== '\\') {
      text += letter;
      pattern += letter;
      continue;
    }
    at += 1;
    const next = query[at] ?? '';
    if (next === '%' || next === '_') {
      text += next;
      pattern += `\\${next}`;
    } else if (escapes[next] !== undefined) {
      text += escapes[next];
      pattern += next === '\\' ? '\\\\' : escapes[next];
    } else {
      throw soqlError('MALFORMED_QUERY', query, at - 1, `Illegal escape sequence: \\${next}`);
    }
  }
  throw soqlError('MALFORMED_QUERY', query, start, 'unterminated string literal');
}
