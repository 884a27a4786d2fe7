import { JobControl } from '@app/jobs';
import { InvalidInput } from '@app/platform';
import { Body, Controller, Get, Headers, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { iso } from '../api/fields.js';
import { Operation } from '../api/operation.js';
import { jobNameParam, revisionParam } from '../api/path-params.js';
import { Caller, Needs } from '../auth/access.js';
import { actorOf, Identity } from '../auth/identity.js';
import { Anytime } from '../http/listed.guard.js';
import { JOB_CONTROL } from '../ports/tokens.js';
import {
  acceptedRunDto,
  acceptedRunsDto,
  backfillBody,
  cursorBody,
  JobDto,
  jobDto,
  killBody,
  killedRunsDto,
  pauseBody,
  runBody,
  versionListDto,
} from './job.dto.js';
import { JobViews } from './job-views.js';

const NO_JOB = { 404: 'There is no such job.' };

@ApiTags('Jobs')
@Controller('api/v1/jobs/:name')
export class JobActionsController {
  constructor(
    @Inject(JOB_CONTROL) private readonly jobs: JobControl,
    private readonly views: JobViews,
  ) {}

  @Post('pause')
  @Needs('operator')
  @ApiBody({ required: false })
  @Operation({
    id: 'pauseJob',
    summary: 'Stop a job from firing, for good or until an instant',
    description: 'Once this has answered nothing more fires. What runs goes on.',
    answer: jobDto,
    errors: NO_JOB,
  })
  async pause(
    @Param('name', { schema: jobNameParam }) name: string,
    @Body({ schema: pauseBody }) body: z.infer<typeof pauseBody>,
    @Caller() caller: Identity,
  ): Promise<JobDto> {
    return this.views.one(await this.jobs.pause(name, body, actorOf(caller)));
  }

  @Post('resume')
  @Needs('operator')
  @Operation({
    id: 'resumeJob',
    summary: 'Let a paused job fire again',
    description: 'Fires that fell into the pause are not made up for.',
    answer: jobDto,
    errors: NO_JOB,
  })
  async resume(@Param('name', { schema: jobNameParam }) name: string, @Caller() caller: Identity): Promise<JobDto> {
    return this.views.one(await this.jobs.resume(name, actorOf(caller)));
  }

  @Post('run')
  @Needs('operator')
  @ApiHeader({ name: 'Idempotency-Key', description: 'The same key within a day gives the same run.', required: false })
  @ApiBody({ required: false })
  @Operation({
    id: 'runJob',
    summary: 'Run a job now',
    status: 202,
    answer: acceptedRunDto,
    errors: { ...NO_JOB, 422: 'It has no such parameter.' },
  })
  async run(
    @Param('name', { schema: jobNameParam }) name: string,
    @Body({ schema: runBody }) body: z.infer<typeof runBody>,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Caller() caller: Identity,
  ): Promise<z.infer<typeof acceptedRunDto>> {
    if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,128}$/.test(idempotencyKey)) {
      throw new InvalidInput([{ path: 'Idempotency-Key', message: 'must be 1 to 128 visible ASCII characters' }]);
    }
    return this.jobs.requestRun(name, { ...body, idempotencyKey }, actorOf(caller));
  }

  @Post('backfill')
  @Needs('operator')
  @Operation({
    id: 'backfillJob',
    summary: 'Run the fires of a range, one run per scheduled time',
    description: 'At most 1,000. Where runs may not overlap they go one after the other, oldest first.',
    status: 202,
    answer: acceptedRunsDto,
    errors: { ...NO_JOB, 409: 'It has no schedule.', 422: 'No fire in the range, or too many.' },
  })
  async backfill(
    @Param('name', { schema: jobNameParam }) name: string,
    @Body({ schema: backfillBody }) body: z.infer<typeof backfillBody>,
    @Caller() caller: Identity,
  ): Promise<z.infer<typeof acceptedRunsDto>> {
    const { runIds } = await this.jobs.backfill(name, body, actorOf(caller));
    return { runIds: [...runIds] };
  }

  @Post('kill')
  @Anytime()
  @Needs('operator')
  @ApiBody({ required: false })
  @Operation({
    id: 'killJob',
    summary: 'Kill what runs of a job now',
    description:
      'Their whole process trees. Pending retries are cancelled. The schedule goes on: pause it to stop that.',
    status: 202,
    answer: killedRunsDto,
    errors: NO_JOB,
  })
  async kill(
    @Param('name', { schema: jobNameParam }) name: string,
    @Body({ schema: killBody }) body: z.infer<typeof killBody>,
    @Caller() caller: Identity,
  ): Promise<z.infer<typeof killedRunsDto>> {
    const { runIds } = await this.jobs.killJob(name, body, actorOf(caller));
    return { runIds: [...runIds] };
  }

  @Post('cursor')
  @Needs('editor')
  @Operation({
    id: 'resetJobCursor',
    summary: 'Set back, or on, up to when fires count as decided',
    description: 'The one call that can make fires of the past run again.',
    status: 204,
    errors: NO_JOB,
  })
  async cursor(
    @Param('name', { schema: jobNameParam }) name: string,
    @Body({ schema: cursorBody }) body: z.infer<typeof cursorBody>,
    @Caller() caller: Identity,
  ): Promise<void> {
    await this.jobs.resetCursor(name, body.to, actorOf(caller));
  }

  @Get('versions')
  @Needs('viewer')
  @Operation({ id: 'listJobVersions', summary: 'Earlier definitions of a job', answer: versionListDto, errors: NO_JOB })
  async versions(@Param('name', { schema: jobNameParam }) name: string): Promise<unknown> {
    const versions = await this.jobs.versions(name);
    return {
      items: versions.map(({ revision, document, putAt, putBy, replacedAt, replacedBy }) => ({
        ...{ revision, document, putBy, replacedBy },
        putAt: iso(putAt),
        replacedAt: iso(replacedAt),
      })),
    };
  }

  @Post('versions/:revision/restore')
  @Needs('editor')
  @Operation({
    id: 'restoreJobVersion',
    summary: 'Put an earlier definition back',
    answer: jobDto,
    errors: { 404: 'There is no such job or version.' },
  })
  async restore(
    @Param('name', { schema: jobNameParam }) name: string,
    @Param('revision', { schema: revisionParam }) revision: string,
    @Caller() caller: Identity,
  ): Promise<JobDto> {
    return this.views.one(await this.jobs.restore(name, Number(revision), actorOf(caller)));
  }
}
