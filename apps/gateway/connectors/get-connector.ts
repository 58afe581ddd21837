import { Controller, Param } from '@nestjs/common';
import { getConnector } from '#contract/connectors/get-connector.js';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { findManifest } from '#connectors/manifests.js';
import { notFound } from '../problems/problem-error.js';
import { Route } from '../routes/route.js';
import { connectorOf } from './connector-answer.js';

@Controller()
export class GetConnector {
  @Route(getConnector)
  handle(
    @Param({ schema: getConnector.params }) { app }: ParamsOf<typeof getConnector>,
  ): ResponseOf<typeof getConnector> {
    const manifest = findManifest(app);
    if (!manifest) throw notFound('connector', app);
    return connectorOf(manifest);
  }
}
