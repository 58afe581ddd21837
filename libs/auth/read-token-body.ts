/**
 * Reads what token endpoints answer: JSON by RFC 6749 section 5, and what apps send instead:
 * form-encoded or XML text, whatever the content type says, and fields nested one level down.
 */

import { parseExact } from '#domain/exact-json.js';

export type TokenFields = Record<string, unknown>;

/** The fields of an answer's text, or null when it is none of these forms (HTML, plain text, nothing). */
export function readTokenBody(text: string): TokenFields | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return readJson(trimmed) ?? readXml(trimmed) ?? readForm(trimmed);
}

function readJson(text: string): TokenFields | null {
  if (!text.startsWith('{')) return null;
  try {
    const value = parseExact(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

/** Flat XML only, as Concur and Salesforce (`format=xml`) send it. HTML is no answer. */
function readXml(text: string): TokenFields | null {
  if (!text.startsWith('<') || /^<!doctype html|<html[\s>]/i.test(text)) return null;
  const fields: TokenFields = {};
  for (const [, name, value] of text.matchAll(/<([A-Za-z_][\w.-]*)(?:\s[^<>]*)?>([^<]*)<\/\1>/g)) {
    if (name !== undefined && value !== undefined) fields[name.toLowerCase()] = decodeEntities(value.trim());
  }
  return Object.keys(fields).length > 0 ? fields : null;
}

function readForm(text: string): TokenFields | null {
  // One line of name=value pairs, with at least one name that a token endpoint uses: plain text has an equals sign too at times.
  if (/[\s<>{}]/.test(text) || !/(^|&)(access_token|error|token_type)=/i.test(text)) return null;
  return Object.fromEntries(new URLSearchParams(text));
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function decodeEntities(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** Whether a value is a plain JSON object. */
export function isFields(value: unknown): value is TokenFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
