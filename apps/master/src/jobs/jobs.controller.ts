import { JobControl } from '@app/jobs';
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import { Response } from 'express';
import { z } from 'zod';
import { documentedBody } from '../api/documented-body.js';
import { Operation } from '../api/operation.js';
import { jobNameParam } from '../api/path-params.js';
import { Caller, Needs } from '../auth/access.js';
import { actorOf, Identity } from '../auth/identity.js';
import { etagOf, revisionOf } from '../http/etag.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { JOB_CONTROL } from '../ports/tokens.js';
import { cannotRun } from './cannot-run.js';
import { JobDto, jobDocumentDto, jobDto, jobListQuery, jobPageDto } from './job.dto.js';
import { JobViews } from './job-views.js';
import { writtenPart } from './written-part.js';

const IF_MATCH = { name: 'If-Match', description: 'ETag of the job as it was read; 412 when it changed since.' };
const WRITE_ERRORS = { 412: 'It was changed meanwhile.', 422: 'The document breaks a rule.' };

@ApiTags('Jobs')
@Controller('api/v1/jobs')
export class JobsController {
  constructor(
    @Inject(JOB_CONTROL) private readonly jobs: JobControl,
    private readonly views: JobViews,
    @Inject(MASTER_PARTS) private readonly parts: MasterParts,
  ) {}

  @Get()
  @Needs('viewer')
  @Operation({ id: 'listJobs', summary: 'Jobs, filtered and in pages', answer: jobPageDto })
  async list(
    @Query({ schema: jobListQuery }) query: z.infer<typeof jobListQuery>,
  ): Promise<z.infer<typeof jobPageDto>> {
    const { recentRuns, ...filter } = query;
    const { items, nextCursor, total } = await this.jobs.list(filter);
    return { items: await this.views.many(items, recentRuns), nextCursor, total };
  }

  @Post()
  @Needs('editor')
  @ApiBody(documentedBody(jobDocumentDto))
  @Operation({
    id: 'createJob',
    summary: 'Make a job',
    description: '`{"name", "command", "cronExpr"}` is enough. Once this has answered, workers know the job.',
    status: 201,
    answer: jobDto,
    errors: { 409: 'There is such a job.', 422: 'The document breaks a rule.' },
  })
  async create(
    @Body() body: unknown,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobDto> {
    const job = await this.jobs.create(writtenPart(body), actorOf(caller));
    response.set('Location', `/api/v1/jobs/${encodeURIComponent(job.name)}`).set('ETag', etagOf(job.revision));
    return this.views.one(job);
  }

  @Get(':name')
  @Needs('viewer')
  @Operation({
    id: 'getJob',
    summary: 'One job, as the store has it at this moment',
    answer: jobDto,
    errors: { 404: 'There is no such job.' },
  })
  async get(
    @Param('name', { schema: jobNameParam }) name: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobDto> {
    const [job, workers] = await Promise.all([this.jobs.get(name), this.parts.workers.list()]);
    response.set('ETag', etagOf(job.revision));
    const said = cannotRun(job, workers);
    return { ...this.views.one(job), ...(said && { cannotRun: { ...said } }) };
  }

  @Put(':name')
  @Needs('editor')
  @ApiHeader(IF_MATCH)
  @ApiBody(documentedBody(jobDocumentDto))
  @Operation({
    id: 'putJob',
    summary: 'Make or replace a job',
    description: '200 when it replaced one, 201 when it made one. With If-Match it only replaces. Safe to repeat.',
    answer: jobDto,
    errors: { ...WRITE_ERRORS, 404: 'If-Match was given and there is no such job.' },
  })
  async put(
    @Param('name', { schema: jobNameParam }) name: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobDto> {
    const { job, created } = await this.jobs.replace(name, writtenPart(body), actorOf(caller), revisionOf(ifMatch));
    response.status(created ? 201 : 200).set('ETag', etagOf(job.revision));
    return this.views.one(job);
  }

  @Patch(':name')
  @Needs('editor')
  @ApiHeader(IF_MATCH)
  @ApiBody({
    description: 'A merge patch (RFC 7396): null removes a field.',
    schema: { type: 'object', example: { paused: true } },
  })
  @Operation({
    id: 'patchJob',
    summary: 'Change some fields of a job',
    answer: jobDto,
    errors: { ...WRITE_ERRORS, 404: 'There is no such job.' },
  })
  async patch(
    @Param('name', { schema: jobNameParam }) name: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Identity,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JobDto> {
    const job = await this.jobs.patch(name, writtenPart(body), actorOf(caller), revisionOf(ifMatch));
    response.set('ETag', etagOf(job.revision));
    return this.views.one(job);
  }

  @Delete(':name')
  @Needs('editor')
  @ApiHeader(IF_MATCH)
  @Operation({
    id: 'deleteJob',
    summary: 'Delete a job',
    description: 'Runs that are on their way end by themselves. Its history stays.',
    status: 204,
    errors: { 404: 'There is no such job.', 412: 'It was changed meanwhile.' },
  })
  async remove(
    @Param('name', { schema: jobNameParam }) name: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Identity,
  ): Promise<void> {
    await this.jobs.remove(name, actorOf(caller), revisionOf(ifMatch));
  }
}
