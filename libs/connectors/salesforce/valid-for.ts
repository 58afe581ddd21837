/** Dependent picklists (README.md, "Metadata"): which values are valid for which controlling value. */
import type { DescribedField } from './guards.js';

/** Bit i of the base64 bitmap is set when the value is valid for the i-th controlling value. */
export function isValidFor(validFor: string, index: number): boolean {
  const bytes = bytesOf(validFor);
  const byte = index >> 3 < bytes.length ? bytes.charCodeAt(index >> 3) : 0;
  return (byte & (0x80 >> (index & 7))) !== 0;
}

/** What is no base64 marks nothing as valid. */
function bytesOf(base64: string): string {
  try {
    return atob(base64);
  } catch {
    return '';
  }
}

/** The place of a controlling value; a controlling checkbox has false at 0 and true at 1. Null: it has no such value. */
export function controllingIndex(controller: DescribedField, value: string): number | null {
  if (controller.type === 'boolean') return value === 'true' ? 1 : value === 'false' ? 0 : null;
  const index = controller.picklistValues.findIndex((option) => option.value === value);
  return index < 0 ? null : index;
}
