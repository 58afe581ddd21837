/** A TCP proxy between two of our processes: it can hold one direction back, or cut everything. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export class TcpProxy {
  private readonly pairs = new Set<{ client: Socket; server: Socket }>();
  private held: 'none' | 'to_server' | 'to_client' = 'none';
  private away = false;

  private constructor(
    private readonly listener: Server,
    readonly port: number,
  ) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  static async start(target: string): Promise<TcpProxy> {
    const [host = '127.0.0.1', port = '0'] = target.split(':');
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const proxy = new TcpProxy(listener, (listener.address() as { port: number }).port);
    listener.on('connection', (client) => proxy.join(client, createConnection(Number(port), host)));
    return proxy;
  }

  /** From now on nothing passes in this direction; what comes is kept. */
  hold(direction: 'to_server' | 'to_client'): void {
    this.held = direction;
    for (const pair of this.pairs) this.apply(pair);
  }

  /** Lets everything pass again, what was kept first. */
  release(): void {
    this.held = 'none';
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
    client.on('data', (chunk) => server.write(chunk));
    server.on('data', (chunk) => client.write(chunk));
    const end = (): void => {
      client.destroy();
      server.destroy();
      this.pairs.delete(pair);
    };
    for (const socket of [client, server]) socket.on('close', end).on('error', end);
    this.apply(pair);
  }

  private apply({ client, server }: { client: Socket; server: Socket }): void {
    if (this.held === 'to_server') client.pause();
    else client.resume();
    if (this.held === 'to_client') server.pause();
    else server.resume();
  }
}
