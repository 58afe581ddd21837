import { Controller, Param } from '@nestjs/common';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { getObject } from '#contract/metadata/get-object.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { askMetadata } from './ask-metadata.js';

@Controller()
export class GetObject {
  constructor(private readonly services: GatewayServices) {}

  @Route(getObject)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getObject.params }) { id, name }: ParamsOf<typeof getObject>,
  ): Promise<ResponseOf<typeof getObject>> {
    const { object, at, version } = await askMetadata(this.services, {
      workspaceId,
      connectionId: id,
      kind: 'object',
      name,
      parameters: {},
    });
    return { object: object as ResponseOf<typeof getObject>['object'], at, version };
  }
}
