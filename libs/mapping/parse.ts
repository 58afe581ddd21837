/** Reads a mapping expression without running it. Used by the gateway when a recipe is saved, and by the worker. */
import jsonata from 'jsonata';
import { hasLostDigits } from '#domain/exact-json.js';
import { GUARD_OPTIONS } from './guard-options.js';
import { tooComplex } from './too-complex.js';

/** Longest expression that is accepted, in characters. */
export const EXPRESSION_LIMIT = 10_000;

export type ParsedMapping =
  | {
      ok: true;
      /** What the expression reads of its input, as dotted names: `trigger.Name`, `steps.organization.id`. */
      references: string[];
    }
  | { ok: false; message: string; /** Character of the expression, from 0. */ position: number };

type Node = Record<string, unknown> & { type?: string; value?: unknown; position?: number };

/** Parses a JSONata expression; refuses what the worker would refuse to run. Never throws. */
export function parseMapping(expression: string): ParsedMapping {
  if (expression.trim() === '') return { ok: false, message: 'The expression is empty.', position: 0 };
  if (expression.length > EXPRESSION_LIMIT)
    return {
      ok: false,
      message: `The expression is longer than ${EXPRESSION_LIMIT} characters.`,
      position: EXPRESSION_LIMIT,
    };
  const complex = tooComplex(expression);
  if (complex) return { ok: false, ...complex };
  try {
    return read(expression);
  } catch (error) {
    // The library throws plain objects. A RangeError for very deep trees comes from it or from our own walk over the tree.
    const { message, position } = error as { message?: string; position?: number };
    const text = error instanceof RangeError ? 'The expression nests too deep.' : message;
    return { ok: false, message: text ?? 'The expression cannot be read.', position: position ?? 0 };
  }
}

function read(expression: string): ParsedMapping {
  const tree = jsonata(expression, GUARD_OPTIONS).ast() as unknown as Node;
  const refused = findRefused(tree) ?? findLostDigits(tree, expression);
  if (refused) return { ok: false, ...refused };
  const references = new Set<string>();
  collectReferences(tree, references);
  return { ok: true, references: [...references].sort() };
}

function childrenOf(node: Node): Node[] {
  return Object.entries(node).flatMap(([key, value]) => (key === 'value' ? [] : nodesIn(value)));
}

function nodesIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null ? [value as Node] : [];
}

function findRefused(node: Node): { message: string; position: number } | null {
  const position = node.position ?? 0;
  if (node.type === 'regex') {
    return {
      message: 'Regular expressions are not allowed in mappings; use $contains, $split or $replace with plain text.',
      position,
    };
  }
  if (node.type === 'variable' && node.value === 'eval')
    return { message: '$eval is not allowed in mappings.', position };
  for (const child of childrenOf(node)) {
    const refused = findRefused(child);
    if (refused) return refused;
  }
  return null;
}

/** A literal with more digits than a number keeps would be another number: as a text it is exact. */
function findLostDigits(node: Node, expression: string): { message: string; position: number } | null {
  if (!/\d{16}/.test(expression)) return null;
  if (node.type === 'number' && hasLostDigits(node.value))
    return {
      message: 'The number has more digits than can be kept exactly; write it as a text, in quotes.',
      position: Math.max(0, (node.position ?? 0) - 1),
    };
  for (const child of childrenOf(node)) {
    const found = findLostDigits(child, expression);
    if (found) return found;
  }
  return null;
}

/**
 * Names are relative to what stands before them, so only those at the root are references; `$$` is the root everywhere.
 * Inside a function body or after a dot a name belongs to something else.
 */
function collectReferences(node: Node, into: Set<string>, atRoot = true): void {
  if (node.type === 'path') {
    const steps = node.steps as Node[];
    const [first, ...rest] = steps;
    const names =
      first?.type === 'variable' && (first.value === '$' || (atRoot && first.value === ''))
        ? rest
        : atRoot
          ? steps
          : [];
    const chain = leadingNames(names);
    if (chain.length > 0) into.add(chain.join('.'));
    steps.forEach((step, index) => {
      if (step.type !== 'name' && index === 0) collectReferences(step, into, atRoot);
      else for (const child of childrenOf(step)) collectReferences(child, into, false);
    });
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'steps' && key !== 'value') nodesIn(value).forEach((child) => collectReferences(child, into, false));
    }
    return;
  }
  const inside = atRoot && node.type !== 'lambda';
  for (const child of childrenOf(node)) collectReferences(child, into, inside);
}

function leadingNames(steps: Node[]): string[] {
  const names: string[] = [];
  for (const step of steps) {
    if (step.type !== 'name') break;
    names.push(String(step.value));
    if (step.stages) break;
  }
  return names;
}
