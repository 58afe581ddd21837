import { Controller } from '@nestjs/common';
import type { ResponseOf } from '#contract/endpoint.js';
import { getReady } from '#contract/service/get-ready.js';
import { isNamespaceUnknown, NAMESPACE_UNKNOWN } from '#temporal/not-found.js';
import { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';
import { Route } from '../routes/route.js';
import { temporalCall } from '../temporal/temporal-call.js';

const PROBE_MS = 2_000;

@Controller()
export class GetReady {
  constructor(private readonly services: GatewayServices) {}

  @Route(getReady)
  async handle(): Promise<ResponseOf<typeof getReady>> {
    const [temporal, mongodb] = await Promise.all([this.temporalAnswers(), this.mongoAnswers()]);
    if (temporal === 'unknown')
      throw new ProblemError('temporarily_unavailable', NAMESPACE_UNKNOWN, {
        cure: 'Make the namespace, or correct TEMPORAL_NAMESPACE; then ask again.',
      });
    const silent = [...(temporal === 'ok' ? [] : ['Temporal']), ...(mongodb ? [] : ['MongoDB'])];
    if (silent.length > 0)
      throw new ProblemError(
        'temporarily_unavailable',
        `${silent.join(' and ')} ${silent.length === 1 ? 'does' : 'do'} not answer.`,
        { cure: 'Start it, or correct its address; then ask again.' },
      );
    return { status: 'ok', temporal: 'ok', mongodb: 'ok' };
  }

  /** Asks for our namespace: also tells a wrong TEMPORAL_NAMESPACE. */
  private async temporalAnswers(): Promise<'ok' | 'silent' | 'unknown'> {
    const { client, config } = this.services;
    return temporalCall(
      client,
      () => client.workflowService.describeNamespace({ namespace: config.temporal.namespace }),
      PROBE_MS,
    ).then(
      () => 'ok',
      (error: unknown) => (isNamespaceUnknown((error as Error).cause) ? 'unknown' : 'silent'),
    );
  }

  private async mongoAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), PROBE_MS);
    });
    try {
      return await Promise.race([this.services.store.ping(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
