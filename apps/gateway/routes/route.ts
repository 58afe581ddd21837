/** `@Route(endpoint)`: makes a handler of a contract file. Undeclared fields of an answer never reach the wire. */
import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SerializeOptions } from '@nestjs/common';
import type { EndpointSpec } from '#contract/endpoint.js';

export function Route(endpoint: EndpointSpec): MethodDecorator {
  return applyDecorators(
    RequestMapping({ path: endpoint.path, method: RequestMethod[endpoint.method] }),
    HttpCode(endpoint.status),
    ...(endpoint.response ? [SerializeOptions({ schema: endpoint.response })] : []),
  );
}
