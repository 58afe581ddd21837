/** Hawser's REST API as a caller sees it. */
import { request } from 'undici';

export interface ApiAnswer<T = any> {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: T;
}

export class Api {
  constructor(
    readonly url: string,
    readonly key: string | null,
  ) {}

  /** One request; never throws for a status. */
  async send<T = any>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<T>> {
    const response = await request(`${this.url}${path}`, {
      method: method as 'GET',
      headers: {
        ...(this.key && { authorization: `Bearer ${this.key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headersTimeout: 60_000,
    });
    const text = await response.body.text();
    const parsed = text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as T) : (text as T);
    return { status: response.statusCode, headers: response.headers, body: parsed };
  }

  /** One request that must be answered with 2xx; resolves to its body. */
  async ok<T = any>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await this.send<T>(method, path, body, headers);
    if (answer.status < 200 || answer.status > 299)
      throw new Error(`${method} ${path} -> ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
