import { setImmediate } from 'node:timers/promises';
import { Job } from '@app/jobs';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Operation } from '../api/operation.js';
import { Needs } from '../auth/access.js';
import { planDto, planQuery, toPlanDto } from '../ledger/ledger.dto.js';
import { planFires } from '../ledger/plan.js';
import { spanOf } from '../ledger/span.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';

@ApiTags('Ledger')
@Controller('api/v1/plan')
export class PlanController {
  constructor(@Inject(MASTER_PARTS) private readonly parts: MasterParts) {}

  @Get()
  @Needs('viewer')
  @Operation({ id: 'getPlan', summary: 'The fires of all jobs to come', answer: planDto })
  async plan(@Query({ schema: planQuery }) query: z.infer<typeof planQuery>): Promise<z.infer<typeof planDto>> {
    const span = spanOf(query, this.parts.clock.now());
    const jobs = this.chosen(query.group, query.search?.toLowerCase());
    return toPlanDto(await planFires(jobs, { ...span, limit: query.limit }, () => setImmediate()));
  }

  private *chosen(group: string | undefined, search: string | undefined): Iterable<Job> {
    for (const { name, parsed } of this.parts.catalog.all()) {
      const isNamed = search === undefined || name.toLowerCase().includes(search);
      if (parsed.ok && isNamed && (group === undefined || parsed.job.group === group)) {
        yield parsed.job;
      }
    }
  }
}
