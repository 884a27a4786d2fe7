import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Operation } from '../api/operation.js';
import { jobNameParam } from '../api/path-params.js';
import { Needs } from '../auth/access.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { statsDto, statsQuery } from './stats.dto.js';
import { readStats } from './stats.js';

@ApiTags('Statistics')
@Controller('api/v1')
@Needs('viewer')
export class StatsController {
  constructor(@Inject(MASTER_PARTS) private readonly parts: MasterParts) {}

  @Get('stats')
  @Operation({ id: 'getStats', summary: 'What all jobs came to lately', answer: statsDto })
  async all(@Query({ schema: statsQuery }) query: z.infer<typeof statsQuery>): Promise<z.infer<typeof statsDto>> {
    return readStats(this.parts.history, { windowMs: query.window, now: this.parts.clock.now() });
  }

  @Get('jobs/:name/stats')
  @Operation({
    id: 'getJobStats',
    summary: 'What one job came to lately',
    description: 'Of a deleted job as well, as long as its history is kept.',
    answer: statsDto,
  })
  async one(
    @Param('name', { schema: jobNameParam }) jobName: string,
    @Query({ schema: statsQuery }) query: z.infer<typeof statsQuery>,
  ): Promise<z.infer<typeof statsDto>> {
    return readStats(this.parts.history, { jobName, windowMs: query.window, now: this.parts.clock.now() });
  }
}
