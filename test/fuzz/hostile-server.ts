/** An app that lies on the wire: a raw TCP server that answers each request with exactly the bytes that a script gives. */
import { createServer, type Server, type Socket } from 'node:net';

export interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** What is done to the client, byte by byte. */
export interface WireAnswer {
  /** Sent one after the other. */
  chunks: Buffer[];
  /** What comes after the last one. `drip`: the last chunk again and again, until the client has had enough. */
  end: 'close' | 'keep' | 'reset' | 'drip';
}

/** Chooses the answer to a request. */
export type Script = (request: SeenRequest) => WireAnswer;

const DRIP_MS = 10;

export class HostileServer {
  script: Script = () => ({ chunks: [], end: 'close' });
  /** Everything that was asked, in order. */
  readonly seen: SeenRequest[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<HostileServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const hostile = new HostileServer(server, `http://127.0.0.1:${(server.address() as { port: number }).port}`);
    server.on('connection', (socket) => hostile.serve(socket));
    return hostile;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    // The client cuts the line whenever it has had enough.
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const request = wholeRequest(text);
      if (!request) return;
      text = '';
      this.seen.push(request);
      play(socket, this.script(request));
    });
  }
}

/** The request in this text; null while a part of it is still missing. */
function wholeRequest(text: string): SeenRequest | null {
  const split = text.indexOf('\r\n\r\n');
  if (split < 0) return null;
  const [line = '', ...lines] = text.slice(0, split).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((header) => [
      header.slice(0, header.indexOf(':')).toLowerCase(),
      header.slice(header.indexOf(':') + 1).trim(),
    ]),
  );
  const body = text.slice(split + 4);
  if (body.length < Number(headers['content-length'] ?? 0)) return null;
  const [method = '', path = ''] = line.split(' ');
  return { method, path, headers, body };
}

function play(socket: Socket, { chunks, end }: WireAnswer): void {
  for (const chunk of chunks) socket.write(chunk);
  if (end === 'close') socket.end();
  if (end === 'reset') socket.resetAndDestroy();
  if (end !== 'drip') return;
  const drop = chunks.at(-1) ?? Buffer.from(' ');
  const timer = setInterval(() => socket.write(drop), DRIP_MS);
  socket.once('close', () => clearInterval(timer));
}
