import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every secret that was ever issued or set, so that a test can look for them where none may be. Append-only, never reset. */
export class SecretList {
  private readonly known = new Set<string>();
  private readonly path: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, 'secrets.jsonl');
    if (!existsSync(this.path)) return;
    for (const line of readFileSync(this.path, 'utf8').split('\n'))
      if (line) this.known.add(JSON.parse(line) as string);
  }

  add(secret: string | null): void {
    if (!secret || this.known.has(secret)) return;
    appendFileSync(this.path, `${JSON.stringify(secret)}\n`, { mode: 0o600 });
    this.known.add(secret);
  }

  has(text: string): boolean {
    return this.known.has(text);
  }

  all(): string[] {
    return [...this.known];
  }
}
