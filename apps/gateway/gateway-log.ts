import type { Logger } from '#telemetry/logger.js';
import type { GatewayLog } from './ports.js';

/** The gateway's log over the process's logger (which takes secrets out). */
export function createGatewayLog(logger: Logger): GatewayLog {
  return {
    failed: (requestId, code, failure) => logger.error({ requestId, code, err: failure }, 'A request failed.'),
    warn: (text, facts) => logger.warn(facts, text),
  };
}
