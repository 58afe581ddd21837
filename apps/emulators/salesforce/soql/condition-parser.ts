import type { Condition, Literal, Operator, Path, Query } from './query-tree.js';
import type { TokenReader } from './token-reader.js';

type ReadQuery = (reader: TokenReader, inside: boolean) => Query;

/** AND and OR may not be mixed without parentheses, as in the real language. */
export function parseCondition(reader: TokenReader, readQuery: ReadQuery): Condition {
  const first = readOne(reader, readQuery);
  for (const word of ['AND', 'OR'] as const) {
    if (!reader.isWord(word)) continue;
    const parts = [first];
    while (reader.takeWord(word)) parts.push(readOne(reader, readQuery));
    if (reader.isWord('AND') || reader.isWord('OR')) throw reader.unexpected();
    return { kind: word === 'AND' ? 'and' : 'or', parts };
  }
  return first;
}

function readOne(reader: TokenReader, readQuery: ReadQuery): Condition {
  if (reader.takeWord('NOT')) return { kind: 'not', part: readOne(reader, readQuery) };
  if (reader.takeSign('(')) {
    const inner = parseCondition(reader, readQuery);
    reader.expectSign(')');
    return inner;
  }
  const name = reader.name();
  const path: Path = { names: name.text.split('.'), position: name.position };
  const operator = readOperator(reader);
  if (operator !== 'in' && operator !== 'not in')
    return { kind: 'compare', path, operator, value: readLiteral(reader) };
  reader.expectSign('(');
  if (reader.isWord('SELECT')) {
    const query = readQuery(reader, true);
    reader.expectSign(')');
    return { kind: 'semijoin', path, operator, query };
  }
  const values: Literal[] = [];
  do values.push(readLiteral(reader));
  while (reader.takeSign(','));
  reader.expectSign(')');
  return { kind: 'list', path, operator, values };
}

function readOperator(reader: TokenReader): Operator {
  if (reader.takeWord('LIKE')) return 'like';
  if (reader.takeWord('IN')) return 'in';
  if (reader.takeWord('NOT')) {
    reader.expectWord('IN');
    return 'not in';
  }
  const token = reader.peek();
  const sign = token.text === '<>' ? '!=' : token.text;
  if (token.kind !== 'sign' || !['=', '!=', '<', '<=', '>', '>='].includes(sign)) throw reader.unexpected();
  reader.skip(1);
  return sign as Operator;
}

function readLiteral(reader: TokenReader): Literal {
  const { kind, text, pattern, position } = reader.peek();
  const literal = literalOf(kind, text, pattern ?? '', position);
  if (!literal) throw reader.unexpected();
  reader.skip(1);
  return literal;
}

function literalOf(kind: string, text: string, pattern: string, position: number): Literal | undefined {
  if (kind === 'string') return { kind, text, pattern, position };
  if (kind === 'number') return { kind, value: Number(text), position };
  if (kind === 'date' || kind === 'datetime') return { kind, text, position };
  if (kind !== 'word') return undefined;
  const word = text.toUpperCase();
  if (word === 'NULL') return { kind: 'null', position };
  if (word === 'TRUE' || word === 'FALSE') return { kind: 'boolean', value: word === 'TRUE', position };
  const period = /^(TODAY|YESTERDAY|TOMORROW|(?:LAST|NEXT)_N_DAYS:(\d+))$/.exec(word);
  if (!period) return undefined;
  return { kind: 'period', name: (period[1] ?? '').split(':')[0] ?? '', n: Number(period[2] ?? 0), position };
}
