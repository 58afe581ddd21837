import { Controller } from '@nestjs/common';
import type { ResponseOf } from '#contract/endpoint.js';
import { getLive } from '#contract/service/get-live.js';
import { Route } from '../routes/route.js';

@Controller()
export class GetLive {
  @Route(getLive)
  handle(): ResponseOf<typeof getLive> {
    return { status: 'ok' };
  }
}
