import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Response } from 'express';
import { Needs, Public } from '../auth/access.js';
import { Anytime } from '../http/listed.guard.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';

/** For Prometheus. Needs a viewer's token, unless FLEETCRON_METRICS_PUBLIC opens it. */
@ApiExcludeController()
@Controller()
@Anytime()
export class MetricsController {
  constructor(@Inject(MASTER_PARTS) private readonly parts: MasterParts) {}

  @Get('metrics')
  @Public('metrics')
  @Needs('viewer')
  async metrics(@Res() response: Response): Promise<void> {
    response.set('Content-Type', this.parts.metrics.contentType).send(await this.parts.metrics.metrics());
  }
}
