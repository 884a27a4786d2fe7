import { StoredJob } from '@app/jobs';
import { NotFound, StoreUnavailable } from '@app/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Operation } from '../api/operation.js';
import { Needs } from '../auth/access.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { timelineDto, timelineQuery, timelineSpanOf, toRowDto } from './timeline.dto.js';
import { readRow } from './timeline-row.js';

@ApiTags('Ledger')
@Controller('api/v1/timeline')
export class TimelineController {
  constructor(@Inject(MASTER_PARTS) private readonly parts: MasterParts) {}

  @Get()
  @Needs('viewer')
  @Operation({
    id: 'getTimeline',
    summary: 'Jobs on one time axis: past outcomes and fires to come',
    description:
      'Jobs are chosen and paged as in the list of jobs. Fires that a pause holds back are left out: `state` says it.',
    answer: timelineDto,
  })
  async read(
    @Query({ schema: timelineQuery }) query: z.infer<typeof timelineQuery>,
  ): Promise<z.infer<typeof timelineDto>> {
    const { history, liveRuns, clock, jobs } = this.parts;
    const { from: _from, to: _to, ...filter } = query;
    const sources = { history, liveRuns, now: clock.now() };
    const span = timelineSpanOf(query, sources.now);
    const { items, nextCursor, total } = await jobs.list(filter);
    const rows = items.map(async (listed) => toRowDto(await readRow(sources, await this.fresh(listed), span)));
    return { items: await Promise.all(rows), nextCursor, total };
  }

  /** With up to when its fires are decided. A job that is gone, or a store that is away, leaves what the list knows. */
  private async fresh(listed: StoredJob): Promise<StoredJob> {
    try {
      return await this.parts.jobs.get(listed.name);
    } catch (error) {
      if (error instanceof NotFound || error instanceof StoreUnavailable) {
        return listed;
      }
      throw error;
    }
  }
}
