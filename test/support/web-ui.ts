/** The Temporal Web UI's own HTTP API, as its pages use it: plain payloads, and writes with the CSRF pair. */
import { request } from 'undici';

export interface PlainPayload {
  metadata: Record<string, string>;
  data: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export class WebUi {
  private csrf: { cookie: string; token: string } | null = null;

  constructor(
    readonly url: string,
    private readonly namespace: string,
  ) {}

  /** Sends a signal; `input` undefined = none. Resolves to the HTTP status. */
  async signal(workflowId: string, name: string, input?: unknown): Promise<number> {
    const body =
      input === undefined
        ? {}
        : {
            input: {
              payloads: [{ metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(input)) }],
            },
          };
    return (await this.post(workflowId, `signal/${name}`, { signalName: name, ...body })).status;
  }

  /** The payloads of a query's answer, as they come: encrypted. */
  async query(workflowId: string, name: string): Promise<PlainPayload[]> {
    const { status, body } = await this.post(workflowId, `query/${name}`, { query: { queryType: name } });
    if (status !== 200) throw new Error(`query ${name} -> ${status}: ${JSON.stringify(body)}`);
    return body.queryResult.payloads as PlainPayload[];
  }

  private async post(workflowId: string, action: string, json: object): Promise<{ status: number; body: any }> {
    const { cookie, token } = (this.csrf ??= await this.pair());
    const path = `/api/v1/namespaces/${this.namespace}/workflows/${encodeURIComponent(workflowId)}/${action}`;
    const response = await request(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, 'x-csrf-token': token },
      body: JSON.stringify(json),
    });
    const text = await response.body.text();
    return { status: response.statusCode, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  private async pair(): Promise<{ cookie: string; token: string }> {
    const response = await request(`${this.url}/api/v1/settings`);
    await response.body.dump();
    const line = [response.headers['set-cookie'] ?? []].flat().find((one) => one.startsWith('_csrf='));
    if (!line) throw new Error('The Web UI gave no CSRF cookie.');
    const cookie = line.split(';')[0] ?? '';
    return { cookie, token: decodeURIComponent(cookie.slice('_csrf='.length)) };
  }
}
