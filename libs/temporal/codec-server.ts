import type { PayloadCodec } from '@temporalio/common';

export interface CodecServerOptions {
  codec: PayloadCodec;
  /** 0 = any free port. */
  port: number;
  /** Ports of the Temporal Web UI whose pages may ask. */
  uiPort: number;
  /** Random part of the path; made when absent. */
  token?: string;
}

export interface CodecServer {
  /** Endpoint for the Web UI's settings: `http://127.0.0.1:<port>/<token>`. */
  endpoint: string;
  close(): Promise<void>;
}

export function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  throw new Error(`not yet: ${options.port}`);
}
