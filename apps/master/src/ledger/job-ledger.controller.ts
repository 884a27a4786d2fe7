import { JobControl } from '@app/jobs';
import { Clock } from '@app/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { iso } from '../api/fields.js';
import { Operation } from '../api/operation.js';
import { jobNameParam } from '../api/path-params.js';
import { Needs } from '../auth/access.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { JobLedger } from './job-ledger.js';
import {
  explainQuery,
  explanationDto,
  fireListDto,
  planDto,
  spanQuery,
  toExplanationDto,
  toFireDto,
  toPauseDto,
  toPlanDto,
} from './ledger.dto.js';
import { planRuns } from './plan.js';
import { spanOf } from './span.js';

const DAY_MS = 86_400_000;
const NO_JOB = { 404: 'There is no such job.' };
const NO_LEDGER = { ...NO_JOB, 409: 'The job is invalid and has no fires.' };

@ApiTags('Ledger')
@Controller('api/v1/jobs/:name')
@Needs('viewer')
export class JobLedgerController {
  private readonly clock: Clock;
  private readonly jobs: JobControl;

  constructor(
    @Inject(MASTER_PARTS) parts: MasterParts,
    private readonly ledger: JobLedger,
  ) {
    this.clock = parts.clock;
    this.jobs = parts.jobs;
  }

  @Get('plan')
  @Operation({ id: 'getJobPlan', summary: 'The fires of a job to come', answer: planDto, errors: NO_JOB })
  async plan(
    @Param('name', { schema: jobNameParam }) name: string,
    @Query({ schema: spanQuery }) query: z.infer<typeof spanQuery>,
  ): Promise<z.infer<typeof planDto>> {
    const stored = await this.jobs.get(name);
    const now = this.clock.now();
    const span = { ...spanOf(query, now), limit: query.limit };
    const jobs = stored.parsed.ok ? [stored.parsed.job] : [];
    const plan = await planRuns(
      () => jobs,
      span,
      now,
      async () => [stored],
      async () => {},
    );
    return toPlanDto(plan);
  }

  @Get('fires')
  @Operation({
    id: 'listJobFires',
    summary: 'Every scheduled time of a job with its outcome and reason',
    answer: fireListDto,
    errors: NO_LEDGER,
  })
  async fires(
    @Param('name', { schema: jobNameParam }) name: string,
    @Query({ schema: spanQuery }) query: z.infer<typeof spanQuery>,
  ): Promise<z.infer<typeof fireListDto>> {
    const span = spanOf(query, this.clock.now() - DAY_MS);
    const { fires, completeTo, pauses } = await this.ledger.fires(name, span, query.limit);
    return { items: fires.map(toFireDto), completeTo: iso(completeTo), pauses: pauses.map(toPauseDto) };
  }

  @Get('explain')
  @Operation({
    id: 'explainJobFire',
    summary: 'Why did it run, or not run, at an instant',
    answer: explanationDto,
    errors: NO_LEDGER,
  })
  async explain(
    @Param('name', { schema: jobNameParam }) name: string,
    @Query({ schema: explainQuery }) query: z.infer<typeof explainQuery>,
  ): Promise<z.infer<typeof explanationDto>> {
    return toExplanationDto(await this.ledger.explain(name, query.at));
  }
}
