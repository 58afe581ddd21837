import { Controller } from '@nestjs/common';
import { getConnectors } from '#contract/connectors/get-connectors.js';
import type { ResponseOf } from '#contract/endpoint.js';
import { manifests } from '#connectors/manifests.js';
import { Route } from '../routes/route.js';
import { summaryOf } from './connector-answer.js';

@Controller()
export class GetConnectors {
  @Route(getConnectors)
  handle(): ResponseOf<typeof getConnectors> {
    return { items: Object.values(manifests).map(summaryOf) };
  }
}
