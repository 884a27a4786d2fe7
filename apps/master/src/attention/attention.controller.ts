import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { instant, iso } from '../api/fields.js';
import { Operation } from '../api/operation.js';
import { windowField } from '../api/window.js';
import { Needs } from '../auth/access.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { runDto, toRunDto } from '../runs/run.dto.js';
import { RunList } from '../runs/run-list.js';
import { readAttention } from './attention.js';
import { TROUBLES } from './group-troubles.js';

const attentionQuery = z.strictObject({ window: windowField });

const attentionDto = z
  .object({
    items: z
      .array(
        z.object({
          jobName: z.string().meta({ description: 'The job.', example: 'nightly-report' }),
          status: z.enum(TROUBLES).meta({ description: 'What went wrong.', example: 'failed' }),
          count: z.number().int().meta({ description: 'How often; a stretch counts all of its fires.', example: 3 }),
          isAtLeast: z.boolean().meta({ description: 'It may have been more often, and before.', example: false }),
          firstAt: instant('Scheduled time of the first.'),
          lastAt: instant('Scheduled time of the last.'),
          latestRun: runDto,
          isRecovered: z.boolean().meta({ description: 'The job has succeeded since.', example: false }),
        }),
      )
      .meta({ description: 'What still stands first, newest first; then what the job has recovered from.' }),
  })
  .meta({ id: 'Attention', description: 'What went wrong lately, by job and outcome.' });

@ApiTags('Runs')
@Controller('api/v1/attention')
export class AttentionController {
  constructor(
    @Inject(MASTER_PARTS) private readonly parts: MasterParts,
    private readonly runs: RunList,
  ) {}

  @Get()
  @Needs('viewer')
  @Operation({
    id: 'getAttention',
    summary: 'What went wrong lately and needs a look',
    description: 'Failed, timed out, lost and missed, by job. At most 500 records are looked at and 100 groups given.',
    answer: attentionDto,
  })
  async read(@Query({ schema: attentionQuery }) query: z.infer<typeof attentionQuery>): Promise<Answer> {
    const { history, clock } = this.parts;
    const { groups, isCut } = await readAttention(history, this.runs, { windowMs: query.window, now: clock.now() });
    return {
      items: groups.map(({ firstAt, lastAt, latestRun, ...group }) => ({
        ...group,
        isAtLeast: isCut,
        firstAt: iso(firstAt),
        lastAt: iso(lastAt),
        latestRun: toRunDto(latestRun),
      })),
    };
  }
}

type Answer = z.infer<typeof attentionDto>;
