import { setImmediate } from 'node:timers/promises';
import { Job, StoredJob } from '@app/jobs';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { iso } from '../api/fields.js';
import { Operation } from '../api/operation.js';
import { Needs } from '../auth/access.js';
import { planDto, planQuery, toPlanDto } from '../ledger/ledger.dto.js';
import { planRuns } from '../ledger/plan.js';
import { spanOf } from '../ledger/span.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { densityDto, densityQuery, densitySpanOf } from './density.dto.js';
import { countFires, Density } from './density.js';
import { RecentAnswers } from './recent-answers.js';

const KEEP_DENSITY_MS = 5_000;
const KEPT_DENSITIES = 32;

@ApiTags('Ledger')
@Controller('api/v1/plan')
@Needs('viewer')
export class PlanController {
  private readonly densities: RecentAnswers<Density>;

  constructor(@Inject(MASTER_PARTS) private readonly parts: MasterParts) {
    this.densities = new RecentAnswers(parts.clock, KEEP_DENSITY_MS, KEPT_DENSITIES);
  }

  @Get()
  @Operation({ id: 'getPlan', summary: 'The fires of all jobs to come', answer: planDto })
  async plan(@Query({ schema: planQuery }) query: z.infer<typeof planQuery>): Promise<z.infer<typeof planDto>> {
    const { clock, jobs } = this.parts;
    const now = clock.now();
    const span = { ...spanOf(query, now), limit: query.limit };
    const limited = new Map<string, StoredJob>();
    const counted = (names: readonly string[]): Promise<readonly StoredJob[]> =>
      jobs.withRunCounts(names.flatMap((name) => limited.get(name) ?? []));
    const plan = await planRuns(
      () => this.chosen(query, limited),
      span,
      now,
      counted,
      () => setImmediate(),
    );
    return toPlanDto(plan);
  }

  @Get('density')
  @Operation({
    id: 'getPlanDensity',
    summary: 'How many fires fall into each step of time',
    description:
      'Of all jobs that are not paused, as they are now, also for times before they were so, and whatever maxRuns leaves them. May be a few seconds old.',
    answer: densityDto,
  })
  async density(@Query({ schema: densityQuery }) query: z.infer<typeof densityQuery>): Promise<DensityAnswer> {
    const span = densitySpanOf(query, this.parts.clock.now());
    const key = JSON.stringify([span.from, span.to, span.stepMs, query.toCome, query.group, query.search]);
    const counted = await this.densities.get(key, () => countFires(this.chosen(query), span, () => setImmediate()));
    const { from, to } = span;
    return { from: iso(from), to: iso(to), stepSeconds: query.stepSeconds, ...counted, counts: [...counted.counts] };
  }

  /** Notes in `limited` the jobs among them that may have only so many runs. */
  private *chosen(
    { group, search }: { group?: string; search?: string },
    limited?: Map<string, StoredJob>,
  ): Iterable<Job> {
    const wanted = search?.toLowerCase();
    for (const stored of this.parts.catalog.all()) {
      const { name, parsed } = stored;
      const isNamed = wanted === undefined || name.toLowerCase().includes(wanted);
      if (parsed.ok && isNamed && (group === undefined || parsed.job.group === group)) {
        if (parsed.job.maxRuns !== undefined) limited?.set(name, stored);
        yield parsed.job;
      }
    }
  }
}

type DensityAnswer = z.infer<typeof densityDto>;
