import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { WorkerService } from '../worker.service.js';
import { WorkerMetrics } from './worker-metrics.js';

/** For orchestrators and Prometheus; nothing else is served by a worker. */
@Controller()
export class WorkerHealthController {
  constructor(
    private readonly worker: WorkerService,
    private readonly metrics: WorkerMetrics,
  ) {}

  /** This process answers. A store that is away is no reason to restart it: that would end its jobs. */
  @Get('livez')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 while it has the right to claim. */
  @Get('readyz')
  ready(@Res({ passthrough: true }) response: Response): { status: string } {
    const isReady = this.worker.engine?.stats.hasSession === true;
    response.status(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'notReady' };
  }

  @Get('metrics')
  async read(@Res() response: Response): Promise<void> {
    response.set('Content-Type', this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }
}
