import { JobControl, RUN_STATUSES, RUN_TRIGGERS, Run } from '@app/jobs';
import { InvalidInput, NotFound } from '@app/platform';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { cursorField, instantInput, limitField, oneOrMore, text } from '../api/fields.js';
import { Operation } from '../api/operation.js';
import { runIdParam } from '../api/path-params.js';
import { Caller, Needs } from '../auth/access.js';
import { actorOf, Identity } from '../auth/identity.js';
import { Anytime } from '../http/listed.guard.js';
import { acceptedRunDto, killBody } from '../jobs/job.dto.js';
import { JOB_CONTROL } from '../ports/tokens.js';
import { RunDto, runDto, runPageDto, toRunDto } from './run.dto.js';
import { RunList } from './run-list.js';

const runsQuery = z.strictObject({
  job: text('Only runs of this job.', 'nightly-report', 128).optional(),
  status: oneOrMore(RUN_STATUSES, 'Only runs in this status.').optional(),
  trigger: oneOrMore(RUN_TRIGGERS, 'Only runs that this asked for.').optional(),
  worker: text('Only runs on this worker.', 'db1-7f3a', 256).optional(),
  rootRunId: text('Only the attempts that began with this run.', '01J9ZQ4V7M2N8K3T5R6W1X0YBC', 200).optional(),
  from: instantInput('Only runs scheduled at or after.').optional(),
  to: instantInput('Only runs scheduled before.').optional(),
  search: text('Literal text in job name, reason or the kept ends of the output, in any case.', 'disk full').optional(),
  sort: z.enum(['asc', 'desc']).default('desc').meta({
    description:
      'By scheduled time: `desc` newest first, `asc` oldest first; `asc` together with `from` or `job` only.',
    example: 'desc',
  }),
  limit: limitField,
  cursor: cursorField.optional(),
});

const NO_RUN = { 404: 'There is no such run.' };
const NOT_LIVE = { 404: 'No run that is on its way has this id.', 409: 'It is too late for that.' };

@ApiTags('Runs')
@Controller('api/v1/runs')
export class RunsController {
  constructor(
    @Inject(JOB_CONTROL) private readonly jobs: JobControl,
    private readonly runs: RunList,
  ) {}

  @Get()
  @Needs('viewer')
  @Operation({
    id: 'listRuns',
    summary: 'Runs by scheduled time, newest first, filtered and in pages',
    answer: runPageDto,
  })
  async list(@Query({ schema: runsQuery }) query: z.infer<typeof runsQuery>): Promise<z.infer<typeof runPageDto>> {
    const { job, status, trigger, sort, limit, cursor, ...rest } = query;
    const oldestFirst = sort === 'asc';
    if (oldestFirst && job === undefined && query.from === undefined) {
      throw new InvalidInput([{ path: 'sort', message: 'can be asc together with from or job only' }]);
    }
    const filter = { ...rest, ...(job && { jobNames: [job] }), statuses: status, triggers: trigger };
    const page = await this.runs.page({ ...filter, oldestFirst }, limit, cursor);
    return { items: page.items.map(toRunDto), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @Needs('viewer')
  @Operation({ id: 'getRun', summary: 'One run', answer: runDto, errors: NO_RUN })
  async get(@Param('id', { schema: runIdParam }) id: string): Promise<RunDto> {
    return toRunDto(await this.mustFind(id));
  }

  @Post(':id/kill')
  @Anytime()
  @Needs('operator')
  @ApiBody({ required: false })
  @Operation({
    id: 'killRun',
    summary: 'Kill a run and its whole process tree',
    description: 'It will end as `killed`, no retry follows. Safe to repeat.',
    status: 202,
    answer: acceptedRunDto,
    errors: NOT_LIVE,
  })
  async kill(
    @Param('id', { schema: runIdParam }) id: string,
    @Body({ schema: killBody }) body: z.infer<typeof killBody>,
    @Caller() caller: Identity,
  ): Promise<z.infer<typeof acceptedRunDto>> {
    await this.jobs.killRun(id, body, actorOf(caller));
    return { runId: id };
  }

  @Post(':id/cancel')
  @Anytime()
  @Needs('operator')
  @Operation({
    id: 'cancelRun',
    summary: 'Cancel a run that has not started',
    status: 202,
    answer: acceptedRunDto,
    errors: NOT_LIVE,
  })
  async cancel(
    @Param('id', { schema: runIdParam }) id: string,
    @Caller() caller: Identity,
  ): Promise<z.infer<typeof acceptedRunDto>> {
    await this.jobs.cancelRun(id, actorOf(caller));
    return { runId: id };
  }

  @Post(':id/rerun')
  @Needs('operator')
  @Operation({
    id: 'rerunRun',
    summary: 'Run its job again, as the job is now',
    status: 202,
    answer: acceptedRunDto,
    errors: { 404: 'There is no such run, or its job is gone.' },
  })
  async rerun(
    @Param('id', { schema: runIdParam }) id: string,
    @Caller() caller: Identity,
  ): Promise<z.infer<typeof acceptedRunDto>> {
    const run = await this.mustFind(id);
    return this.jobs.requestRun(run.jobName, {}, actorOf(caller));
  }

  private async mustFind(id: string): Promise<Run> {
    const run = await this.runs.find(id);
    if (!run) {
      throw new NotFound('run', id);
    }
    return run;
  }
}
