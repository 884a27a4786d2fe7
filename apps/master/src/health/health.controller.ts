import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Response } from 'express';
import { Public } from '../auth/access.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { checkAll } from './check-all.js';

/** For load balancers and orchestrators. Says which part is away, never why: that is in the log. */
@ApiExcludeController()
@Controller()
@Public()
export class HealthController {
  constructor(@Inject(MASTER_PARTS) private readonly parts: MasterParts) {}

  /** This process answers. Nothing else is asked: a store that is away is no reason to restart us. */
  @Get('livez')
  @HttpCode(200)
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Everything the API needs is there; 503 otherwise. History is not among it: without it the rest goes on. */
  @Get('readyz')
  async ready(@Res({ passthrough: true }) response: Response): Promise<{ status: string; checks: object }> {
    const checks = await checkAll(this.parts.readiness, this.parts.clock);
    const isReady = Object.values(checks).every((state) => state === 'ok');
    response.status(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'notReady', checks };
  }
}
