import { Controller, Param, Query } from '@nestjs/common';
import type { ParamsOf, QueryOf, ResponseOf } from '#contract/endpoint.js';
import { getPicklist } from '#contract/metadata/get-picklist.js';
import { findManifest } from '#connectors/manifests.js';
import { HawserError } from '#domain/errors.js';
import { findConnection } from '../connections/read-connection.js';
import { GatewayServices } from '../ports.js';
import { notFound } from '../problems/problem-error.js';
import { invalidFields, pointerOf } from '../problems/schema-issues.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { askMetadata } from './ask-metadata.js';

@Controller()
export class GetPicklist {
  constructor(private readonly services: GatewayServices) {}

  @Route(getPicklist)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getPicklist.params }) { id, name }: ParamsOf<typeof getPicklist>,
    @Query({ schema: getPicklist.query }) parameters: QueryOf<typeof getPicklist>,
  ): Promise<ResponseOf<typeof getPicklist>> {
    const { app } = await findConnection(this.services, workspaceId, id);
    const picklist = findManifest(app)?.picklists.find((one) => one.name === name);
    if (!picklist) throw notFound('picklist', name);
    const unknown = Object.keys(parameters).filter((parameter) => !picklist.parameters.includes(parameter));
    if (unknown.length > 0) {
      const has = picklist.parameters.join(', ') || 'none';
      throw invalidFields(
        unknown.map((parameter) => ({
          pointer: pointerOf('query', [parameter]),
          detail: `The picklist "${name}" has no parameter "${parameter}". It has: ${has}.`,
        })),
      );
    }
    const { items, at, version } = await askMetadata(this.services, {
      workspaceId,
      connectionId: id,
      kind: 'picklist',
      name,
      parameters: { ...parameters },
    }).catch(inTheQuery);
    return { items: (items ?? []) as ResponseOf<typeof getPicklist>['items'], at, version };
  }
}

/** A connector names its parameter; here it stands in the query. */
function inTheQuery(error: unknown): never {
  if (!(error instanceof HawserError) || error.code !== 'request_invalid' || error.options.pointer === undefined)
    throw error;
  throw invalidFields([{ pointer: `#/query${error.options.pointer}`, detail: error.detail }]);
}
