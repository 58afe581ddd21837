import type { Happening } from '#domain/happening.js';

/** A happening that waits to be written, and who waits for that. */
export interface Offered {
  event: Happening;
  entry: string;
  resolve(): void;
  reject(error: unknown): void;
}
