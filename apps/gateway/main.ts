/** The gateway's process: HTTP in, Temporal out. Prints `READY {"url": …}` when it answers. */
import 'reflect-metadata';
import { hideSecretSettings } from '#telemetry/hide-environment.js';
import { createLogger, type Logger } from '#telemetry/logger.js';
import { requireTemporal } from '#temporal/require-temporal.js';
import { buildGateway } from './build-gateway.js';
import { readGatewayConfig } from './config/gateway-config.js';
import { Drain } from './http/drain.js';
import { openServices } from './open-services.js';
import type { GatewayServices } from './ports.js';

/** Requests under way get so long to end; the longest is a metadata question. */
const END_WITHIN_MS = 12_000;
/** From there on the process ends whatever is open. */
const CLOSE_WITHIN_MS = 15_000;

async function main(): Promise<void> {
  hideSecretSettings();
  const config = readGatewayConfig(process.env);
  const logger = createLogger({ service: 'gateway' });
  const opened = await openServices(config, logger);
  const drain = new Drain();
  const app = await buildGateway(opened.services, drain);
  await app.listen(config.port, config.bind);
  stopOnSignal(logger, config.drainMs + CLOSE_WITHIN_MS, async () => {
    await drain.run(config.drainMs, END_WITHIN_MS);
    await app.close();
    await opened.close();
  });
  tellOfTemporal(opened.services, logger);
  process.stdout.write(`READY ${JSON.stringify({ url: config.publicUrl })}\n`);
}

/** A gateway starts before Temporal does; why it is away stands in the log by a sentence that names the setting. */
function tellOfTemporal({ client, config }: GatewayServices, logger: Logger): void {
  requireTemporal(client, config.temporal).catch((error: unknown) => {
    logger.error({ error }, (error as Error).message);
  });
}

/** Takes no new requests, lets those under way end, then closes what they used (http/drain.ts). A second signal ends at once. */
function stopOnSignal(logger: Logger, withinMs: number, close: () => Promise<void>): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), withinMs).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'The gateway did not close properly.');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  // One line each, for a person at a terminal: the stack of a wrong setting helps nobody.
  const { message, code } = error as { message?: string; code?: string };
  const text =
    code === 'EADDRINUSE'
      ? 'HAWSER_GATEWAY_PORT: the port is taken by another program. Stop it, or choose another port.'
      : (message ?? String(error));
  process.stderr.write(`gateway: ${text}\n`);
  process.exit(1);
});
