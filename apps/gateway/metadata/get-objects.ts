import { Controller, Param } from '@nestjs/common';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { getObjects } from '#contract/metadata/get-objects.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { askMetadata } from './ask-metadata.js';

@Controller()
export class GetObjects {
  constructor(private readonly services: GatewayServices) {}

  @Route(getObjects)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getObjects.params }) { id }: ParamsOf<typeof getObjects>,
  ): Promise<ResponseOf<typeof getObjects>> {
    const { items, at, version } = await askMetadata(this.services, {
      workspaceId,
      connectionId: id,
      kind: 'objects',
      name: '',
      parameters: {},
    });
    return { items: (items ?? []) as ResponseOf<typeof getObjects>['items'], at, version };
  }
}
