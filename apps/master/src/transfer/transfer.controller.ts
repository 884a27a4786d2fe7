import { setImmediate } from 'node:timers/promises';
import { roleAllows } from '@app/platform';
import { Body, Controller, Get, Inject, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { Response } from 'express';
import { z } from 'zod';
import { Operation } from '../api/operation.js';
import { Caller, Needs } from '../auth/access.js';
import { actorOf, Identity } from '../auth/identity.js';
import { TakesText } from '../http/body.interceptor.js';
import { drained } from '../http/drained.js';
import { Forbidden } from '../http/http-errors.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { doBulk } from './bulk.js';
import { writeDocuments } from './documents.js';
import { documentsToExport } from './export-documents.js';
import { importJobs } from './import-jobs.js';
import { bulkBody, bulkResultDto, exportQuery, importQuery, importResultDto } from './transfer.dto.js';

/** Many jobs at once. Stands before the calls on one job, whose paths would take its words for names. */
@ApiTags('Jobs')
@Controller('api/v1/jobs')
export class TransferController {
  constructor(@Inject(MASTER_PARTS) private readonly parts: MasterParts) {}

  @Post('bulk')
  @Needs('operator')
  @Operation({
    id: 'bulkJobs',
    summary: 'Pause, resume, run, kill or delete many jobs',
    description: 'By name or by filter. Each job stands for itself: some may fail. Deleting needs the role editor.',
    answer: bulkResultDto,
    errors: { 422: 'The body breaks a rule.' },
  })
  async bulk(
    @Body({ schema: bulkBody }) body: z.infer<typeof bulkBody>,
    @Caller() caller: Identity,
  ): Promise<z.infer<typeof bulkResultDto>> {
    if (body.action === 'delete' && !roleAllows(caller.role, 'editor')) {
      throw new Forbidden(`Deleting needs the role editor; you are ${caller.role}.`);
    }
    return doBulk(this.parts.jobs, body, actorOf(caller));
  }

  @Post('import')
  @Needs('editor')
  @TakesText('text/plain', 'application/yaml', 'application/x-yaml', 'text/yaml', 'application/json')
  @ApiConsumes('text/plain', 'application/yaml', 'application/json')
  @ApiBody({
    description: 'The file, at most 256 KiB.',
    required: true,
    schema: { type: 'string', example: '0 2 * * * backup.sh' },
  })
  @Operation({
    id: 'importJobs',
    summary: 'Make jobs of a crontab, or of a file of job documents',
    description: 'Entry by entry; what is refused harms no other. Importing the same documents again changes nothing.',
    answer: importResultDto,
    errors: { 422: 'The file cannot be read.' },
  })
  async import(
    @Query({ schema: importQuery }) query: z.infer<typeof importQuery>,
    @Body() body: string,
    @Caller() caller: Identity,
  ): Promise<z.infer<typeof importResultDto>> {
    const names = new Set(Array.from(this.parts.catalog.all(), ({ name }) => name));
    return importJobs(this.parts.jobs, query, body, names, actorOf(caller));
  }

  @Get('export')
  @Needs('viewer')
  @Operation({
    id: 'exportJobs',
    summary: 'Jobs as one file that can be imported again',
    description: 'All of them, or those that match. Jobs that are invalid are left out.',
    produces: 'application/yaml',
  })
  async export(
    @Query({ schema: exportQuery }) query: z.infer<typeof exportQuery>,
    @Res() response: Response,
  ): Promise<void> {
    const documents = await documentsToExport(this.parts, query);
    response
      .type(query.format === 'json' ? 'application/json' : 'application/yaml')
      .set('Content-Disposition', `attachment; filename="jobs.${query.format}"`);
    for (const piece of writeDocuments(documents, query.format)) {
      response.write(piece);
      await setImmediate();
      await drained(response);
    }
    response.end();
  }
}
