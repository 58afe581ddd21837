/**
 * Null is read as "not given" beside a sign: `"Site: " & null` is `"Site: "`, `null + 1` is nothing, as the library has it for a field
 * that is absent. Apps write null for an empty field, and nobody wants the word "null" in a ticket. `=`, `!=` and `in` still see it.
 */
import type { Expression } from 'jsonata';

type Node = Record<string, unknown> & { type?: string; value?: unknown; position?: number };

/** A name that no expression can write: it has a blank. */
const OR_NOTHING = 'or nothing';
const SIGNS: ReadonlySet<unknown> = new Set(['&', '+', '-', '*', '/', '%', '<', '<=', '>', '>=', '..']);
/** What these give is never null. A long `a & b & c …` is a chain of `&`: it must not nest deeper than it was written. */
const NEVER_NULL: ReadonlySet<unknown> = new Set(['string', 'number', 'binary', 'unary', 'lambda']);

/** Changes the expression's tree, before it is evaluated. */
export function readNullAsNothing(expression: Expression): void {
  expression.registerFunction(OR_NOTHING, (value: unknown) => value ?? undefined);
  change(expression.ast() as unknown as Node);
}

function change(node: Node): void {
  for (const [key, value] of Object.entries(node)) if (key !== 'value') nodesIn(value).forEach(change);
  if (node.type === 'binary' && SIGNS.has(node.value)) {
    node.lhs = orNothing(node.lhs as Node);
    node.rhs = orNothing(node.rhs as Node);
  }
  if (node.type === 'unary' && node.value === '-') node.expression = orNothing(node.expression as Node);
}

function nodesIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null ? [value as Node] : [];
}

function orNothing(operand: Node): Node {
  if (NEVER_NULL.has(operand.type)) return operand;
  const { position } = operand;
  return {
    type: 'function',
    value: '(',
    position,
    procedure: { type: 'variable', value: OR_NOTHING, position },
    arguments: [operand],
  };
}
