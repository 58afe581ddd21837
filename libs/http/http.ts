/** What the only socket out looks like to its users. */

export interface HttpRequest {
  method: string;
  /** Absolute http(s) address of the vendor (the origin map works below this). */
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** Whole request, from the call to the last byte of the answer; default 30 s. */
  timeoutMs?: number;
  /** Longer answers are cut off and fail with `response_too_large`; default 5 MB. */
  maxResponseBytes?: number;
  /** Aborts the request; whether it may have reached the app tells `TransportError.phase`. */
  signal?: AbortSignal;
  /**
   * Called once, right before the request's bytes are handed to the socket of an established connection. When it throws, nothing is
   * sent and `send` rejects with what it threw. Before this call nothing can have reached the app; after it, anything may have.
   */
  onFirstByte?: () => void;
  /**
   * A connection of its own, never a kept one: a server closes kept connections whenever it likes, and a request that is written into
   * such a close cannot be told from one that was processed. For token requests and writes that must not be sent twice.
   */
  freshConnection?: boolean;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  headers: Record<string, string>;
  /** Body as UTF-8 text. */
  text: string;
  /** When the last byte was received (epoch ms, by `Http.now`). */
  at: number;
}

/** The only way out. Retries nothing, follows no redirect, judges no status. */
export interface Http {
  /** Rejects with `TransportError` (see its phase), or HawserError `address_refused`. */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** The same for libraries that want a `fetch` (text bodies only, redirects never followed). */
  fetch(url: string | URL, init?: FetchInit): Promise<Response>;
  /** The clock of `HttpResponse.at`, and of whoever sends before a moment (epoch ms); absent = this machine's. */
  now?: () => number;
  /** Closes all sockets; requests under way are aborted. */
  close(): Promise<void>;
}

export interface FetchInit {
  method?: string;
  headers?: Record<string, string> | Headers;
  body?: string | URLSearchParams | null;
  signal?: AbortSignal | null;
  redirect?: 'manual';
}

/** The clock by which an Http stamps its answers. */
export const clockOf = (http: Pick<Http, 'now'>): (() => number) => http.now ?? Date.now;
