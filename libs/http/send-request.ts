/** One request and its answer over an undici dispatcher: knows at every moment whether the request may have reached the app. */
import type { Dispatcher } from 'undici';
import { HawserError } from '#domain/errors.js';
import type { HttpResponse } from './http.js';
import { harmlessCause, transportCodeOf } from './transport-code.js';
import { TransportError, type TransportCode } from './transport-error.js';

export interface SendOptions {
  dispatcher: Dispatcher;
  origin: string;
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  timeoutMs: number;
  maxResponseBytes: number;
  signal: AbortSignal | undefined;
  onFirstByte: (() => void) | undefined;
  /** Stamps the answer (epoch ms). */
  now: () => number;
  /** Method and host, for error texts. */
  label: string;
}

/** Sends once. Rejects with TransportError, HawserError `address_refused`, or what `onFirstByte` threw. */
export function sendRequest(options: SendOptions): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const handler = new SendHandler(options, resolve, reject);
    handler.begin();
  });
}

/** A timer that fires so late tells that this process stood still, and with it perhaps whoever brings the answer. */
const STOOD_STILL_MS = 500;
/** What was on its way while the process stood still gets so long to arrive. */
const GRACE_MS = 2_000;

class SendHandler implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private settled = false;
  private status = 0;
  private headers: Record<string, string> = {};
  private readonly chunks: Buffer[] = [];
  private received = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: SendOptions,
    private readonly resolve: (response: HttpResponse) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  begin(): void {
    const { dispatcher, origin, path, method, headers, body, timeoutMs, signal } = this.options;
    if (signal?.aborted) {
      this.fail('aborted', 'was aborted before it began');
      return;
    }
    const dueAt = performance.now() + timeoutMs;
    this.timer = setTimeout(() => this.onTimeUp(performance.now() - dueAt), timeoutMs);
    signal?.addEventListener('abort', this.onAbort, { once: true });
    try {
      dispatcher.dispatch({ origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 }, this);
    } catch (error) {
      this.fail('bad_request', 'cannot be sent', error);
    }
  }

  /**
   * Time is up. An answer may lie in the socket, unread, because this process stood still (SIGSTOP, a suspended machine, a blocked
   * event loop): timers run before sockets are read. For a token request it may be the only living token, so what came in time is
   * read first. A request that has not gone out yet never goes out now.
   */
  private onTimeUp(lateMs: number): void {
    if (!this.controller) this.timeOut();
    else if (lateMs > STOOD_STILL_MS) this.timer = setTimeout(() => this.readOn(this.received), GRACE_MS);
    else this.readOn(this.received);
  }

  /** One round of the event loop reads what every socket holds, up to some size: a long answer needs as many rounds as bring bytes. */
  private readOn(seen: number): void {
    setImmediate(() => {
      if (this.settled) return;
      if (this.received > seen) this.readOn(this.received);
      else this.timeOut();
    });
  }

  private timeOut(): void {
    this.fail('timeout', `took longer than ${this.options.timeoutMs} ms`);
  }

  private readonly onAbort = (): void => this.fail('aborted', 'was aborted');

  /** undici calls this when a connection stands, right before it writes: the last moment at which nothing has been sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.settled) {
      controller.abort(new Error('settled'));
      return;
    }
    // undici puts a request back into its queue after some closes of a kept connection. Nothing is ever sent twice here.
    if (this.controller) {
      this.fail('reset', 'lost its connection');
      controller.abort(new Error('sent before'));
      return;
    }
    try {
      this.options.onFirstByte?.();
    } catch (error) {
      this.settle(() => this.reject(error));
      controller.abort(new Error('not sent'));
      return;
    }
    this.controller = controller;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.received += chunk.length;
    if (this.received > this.options.maxResponseBytes) {
      this.fail('response_too_large', `was answered with more than ${this.options.maxResponseBytes} bytes`);
      return;
    }
    // undici reuses the memory of its parser.
    this.chunks.push(Buffer.from(chunk));
  }

  onResponseEnd(): void {
    const text = Buffer.concat(this.chunks).toString('utf8');
    this.settle(() => this.resolve({ status: this.status, headers: this.headers, text, at: this.options.now() }));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (error instanceof HawserError) {
      this.settle(() => this.reject(error));
      return;
    }
    const code = transportCodeOf(error);
    // A connection that is reset during the TLS handshake has carried no request.
    this.fail(code, this.controller ? 'got no whole answer' : 'got no connection', error);
  }

  private fail(code: TransportCode, what: string, cause?: unknown): void {
    const phase = this.controller ? 'after_first_byte' : 'before_first_byte';
    const options = cause === undefined ? undefined : { cause: harmlessCause(cause) };
    const error = new TransportError(phase, code, `${this.options.label} ${what} (${code}).`, options);
    this.settle(() => this.reject(error));
    if (this.controller && !this.controller.aborted) this.controller.abort(new Error(code));
  }

  private settle(finish: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener('abort', this.onAbort);
    finish();
  }
}
