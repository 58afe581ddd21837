/** One HTTP request as it stands: no client of ours corrects the path, and the answer is taken even while the body is still on its way. */
import { Agent, request } from 'node:http';

export interface RawAnswer {
  status: number;
  type: string;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export class RawHttp {
  private readonly agent: Agent;

  constructor(
    private readonly port: number,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  close(): void {
    this.agent.destroy();
  }

  send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | Buffer | null,
  ): Promise<RawAnswer> {
    const bytes = body === null ? null : Buffer.from(body as string);
    const length = bytes === null ? {} : { 'content-length': String(bytes.length) };
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          headers: { ...headers, ...length },
          agent: this.agent,
          timeout: 120_000,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          const type = answer.headers['content-type'] ?? '';
          const taken = (): void =>
            resolve({
              status: answer.statusCode ?? 0,
              type,
              headers: answer.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            });
          answer.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            // A stream has no end: its first words are its answer.
            if (!type.startsWith('text/event-stream')) return;
            taken();
            sent.destroy();
          });
          answer.on('error', reject);
          answer.on('end', taken);
        },
      );
      sent.on('error', reject);
      sent.on('timeout', () => sent.destroy(new Error('No answer in 120 s.')));
      sent.end(bytes ?? undefined);
    });
  }
}
