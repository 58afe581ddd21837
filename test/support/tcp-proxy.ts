/** A TCP proxy between two of our processes: it can hold, swallow or delay one direction, cut everything, and stop at each frame. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { createFrameReader, type Direction, type Piece, type WireProtocol } from './frames.js';

/** What a frame's watcher decides: `drop` keeps the frame from its receiver (before it is passed on), anything else lets it pass. */
export type OnFrame = (frame: { name: string; direction: Direction; moment: 'before' | 'after' }) => 'drop' | void;

interface Pair {
  client: Socket;
  server: Socket;
}

/** After the near end has gone, what was passed on already still gets so long to reach the far end. */
const FLUSH_MS = 1_000;

export class TcpProxy {
  private readonly pairs = new Set<Pair>();
  private held: 'none' | Direction = 'none';
  private swallowed: 'none' | Direction = 'none';
  private delays: Record<Direction, number> = { to_server: 0, to_client: 0 };
  /** Called around each frame; needs a `protocol` at the start. */
  onFrame: OnFrame | null = null;
  private away = false;

  private constructor(
    private readonly listener: Server,
    readonly port: number,
    private readonly protocol: WireProtocol | null,
  ) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** `target` is `host:port`. With a `protocol`, whole frames are passed on one by one. */
  static async start(target: string, protocol: WireProtocol | null = null): Promise<TcpProxy> {
    const [host = '127.0.0.1', port = '0'] = target.split(':');
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const proxy = new TcpProxy(listener, (listener.address() as { port: number }).port, protocol);
    listener.on('connection', (client) => proxy.join(client, createConnection(Number(port), host)));
    return proxy;
  }

  /** From now on nothing passes in this direction; what comes is kept. */
  hold(direction: Direction): void {
    this.held = direction;
    for (const pair of this.pairs) this.apply(pair);
  }

  /** From now on what comes in this direction is thrown away, on connections that stay open. */
  swallow(direction: Direction): void {
    this.swallowed = direction;
  }

  /** From now on what comes in this direction is passed on so much later. */
  delay(direction: Direction, ms: number): void {
    this.delays[direction] = ms;
  }

  /** Lets everything pass again, what was kept first. */
  release(): void {
    this.held = 'none';
    this.swallowed = 'none';
    this.delays = { to_server: 0, to_client: 0 };
    for (const pair of this.pairs) this.apply(pair);
  }

  /** Cuts every connection; what was held back is lost. */
  cut(): void {
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** As if the server were dead: every connection is cut, and each new one too, until `comeBack`. */
  goAway(): void {
    this.away = true;
    this.cut();
  }

  comeBack(): void {
    this.away = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.listener.close(() => resolve()));
  }

  private join(client: Socket, server: Socket): void {
    const pair = { client, server };
    if (this.away) {
      client.destroy();
      server.destroy();
      return;
    }
    this.pairs.add(pair);
    const read =
      this.protocol === null
        ? (chunk: Buffer): Piece[] => [{ bytes: chunk, frame: null }]
        : createFrameReader(this.protocol);
    const leave = (gone: Socket, other: Socket): void => {
      this.pairs.delete(pair);
      gone.destroy();
      // What was passed on before the near end died is on its way: an end, not a reset.
      other.end();
      setTimeout(() => other.destroy(), FLUSH_MS).unref();
    };
    this.pump(client, server, 'to_server', read);
    this.pump(server, client, 'to_client', read);
    client.on('close', () => leave(client, server)).on('error', () => client.destroy());
    server.on('close', () => leave(server, client)).on('error', () => server.destroy());
    this.apply(pair);
  }

  private pump(
    from: Socket,
    to: Socket,
    direction: Direction,
    read: (chunk: Buffer, direction: Direction) => Piece[],
  ): void {
    from.on('data', (chunk) => {
      if (this.swallowed === direction) return;
      const pass = (): void => read(chunk, direction).forEach((piece) => this.pass(piece, to, direction));
      const wait = this.delays[direction];
      if (wait === 0) pass();
      else setTimeout(pass, wait);
    });
  }

  private pass({ bytes, frame }: Piece, to: Socket, direction: Direction): void {
    if (to.destroyed || !to.writable) return;
    if (frame !== null && this.onFrame?.({ name: frame, direction, moment: 'before' }) === 'drop') return;
    if (frame === null) return void to.write(bytes);
    to.write(bytes, () => this.onFrame?.({ name: frame, direction, moment: 'after' }));
  }

  private apply({ client, server }: Pair): void {
    if (this.held === 'to_server') client.pause();
    else client.resume();
    if (this.held === 'to_client') server.pause();
    else server.resume();
  }
}
