import { SalesforceError } from '../api-error.js';
import { parseCondition } from './condition-parser.js';
import type { Path, Query, Selected } from './query-tree.js';
import { TokenReader } from './token-reader.js';
import { unexpectedToken } from './soql-error.js';

const aggregates = new Set(['COUNT', 'MIN', 'MAX']);

/** SOQL as far as apps/emulators/coverage.md says: SELECT … FROM … WHERE … ORDER BY … LIMIT … OFFSET …. */
export function parseQuery(text: string): Query {
  const reader = new TokenReader(text);
  const query = readQuery(reader, false);
  const rest = reader.peek();
  if (rest.kind !== 'end') throw unexpectedToken(text, rest.position, rest.text);
  return query;
}

export function readQuery(reader: TokenReader, inside: boolean): Query {
  reader.expectWord('SELECT');
  const { select, countOnly } = readSelect(reader, inside);
  reader.expectWord('FROM');
  const object = reader.name();
  // An alias may follow; it is only allowed as a prefix of paths, which nobody here needs.
  const query: Query = {
    text: reader.text,
    object: object.text,
    objectPosition: object.position,
    countOnly,
    select,
    where: null,
    orderBy: [],
    limit: null,
    offset: 0,
  };
  if (reader.takeWord('WHERE')) query.where = parseCondition(reader, readQuery);
  if (reader.takeWord('WITH')) reader.name();
  if (reader.takeWord('ORDER')) {
    reader.expectWord('BY');
    do query.orderBy.push(readOrdering(reader));
    while (reader.takeSign(','));
  }
  if (reader.takeWord('LIMIT')) query.limit = reader.wholeNumber();
  if (reader.takeWord('OFFSET')) query.offset = reader.wholeNumber();
  if (query.offset > 2_000)
    throw new SalesforceError(400, 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000');
  if (reader.takeWord('ALL')) reader.expectWord('ROWS');
  if (reader.takeWord('FOR')) reader.name();
  return query;
}

function readSelect(reader: TokenReader, inside: boolean): { select: Selected[]; countOnly: boolean } {
  if (reader.isWord('COUNT') && reader.peek(1).text === '(' && reader.peek(2).text === ')') {
    reader.skip(3);
    return { select: [], countOnly: true };
  }
  const select: Selected[] = [];
  do select.push(readSelected(reader, inside));
  while (reader.takeSign(','));
  return { select, countOnly: false };
}

function readSelected(reader: TokenReader, inside: boolean): Selected {
  if (reader.peek().text === '(' && !inside) {
    reader.skip(1);
    const query = readQuery(reader, true);
    reader.expectSign(')');
    return { kind: 'children', query };
  }
  const name = reader.name();
  if (!reader.takeSign('(')) return { kind: 'field', path: pathOf(name.text, name.position) };
  const call = name.text.toUpperCase();
  const argument = reader.name();
  reader.expectSign(')');
  if (call === 'FIELDS') {
    const which = argument.text.toUpperCase();
    if (which === 'ALL' || which === 'STANDARD' || which === 'CUSTOM')
      return { kind: 'fields', which, position: name.position };
  }
  const path = pathOf(argument.text, argument.position);
  if (call === 'TOLABEL' || call === 'FORMAT') return { kind: 'field', path };
  if (!aggregates.has(call)) throw unexpectedToken(reader.text, name.position, name.text);
  const next = reader.peek();
  const alias = next.kind === 'word' && next.text.toUpperCase() !== 'FROM' ? reader.name().text : null;
  return { kind: 'aggregate', name: call as 'COUNT' | 'MIN' | 'MAX', path, alias };
}

function readOrdering(reader: TokenReader): Query['orderBy'][number] {
  const name = reader.name();
  const descending = reader.takeWord('DESC');
  if (!descending) reader.takeWord('ASC');
  let nullsLast = false;
  if (reader.takeWord('NULLS')) {
    nullsLast = reader.takeWord('LAST');
    if (!nullsLast) reader.expectWord('FIRST');
  }
  return { path: pathOf(name.text, name.position), descending, nullsLast };
}

export function pathOf(text: string, position: number): Path {
  return { names: text.split('.'), position };
}
