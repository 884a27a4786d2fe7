import { setImmediate } from 'node:timers/promises';
import { Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Operation } from '../api/operation.js';
import { workerIdParam } from '../api/path-params.js';
import { Caller, Needs } from '../auth/access.js';
import { actorOf, Identity } from '../auth/identity.js';
import { Anytime } from '../http/listed.guard.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { groupsOf } from './groups.js';
import { soleJobsOf } from './sole-jobs.js';
import { groupListDto, soleJobsDto, toWorkerDto, workerListDto } from './worker.dto.js';

const MAX_NAMES = 100;
const NO_WORKER = { 404: 'There is no such worker.' };

@ApiTags('Workers')
@Controller('api/v1')
export class WorkersController {
  constructor(@Inject(MASTER_PARTS) private readonly parts: MasterParts) {}

  @Get('workers')
  @Needs('viewer')
  @Operation({ id: 'listWorkers', summary: 'The workers that are there', answer: workerListDto })
  async list(): Promise<z.infer<typeof workerListDto>> {
    return { items: (await this.parts.workers.list()).map(toWorkerDto) };
  }

  @Get('workers/:id/sole-jobs')
  @Needs('viewer')
  @Operation({
    id: 'listSoleJobs',
    summary: 'The enabled jobs that only this worker could run now',
    description: 'By group, selector, pin and document version. What would stand still while it drains.',
    answer: soleJobsDto,
    errors: NO_WORKER,
  })
  async soleJobs(@Param('id', { schema: workerIdParam }) id: string): Promise<z.infer<typeof soleJobsDto>> {
    const { workers, catalog, clock } = this.parts;
    const names = await soleJobsOf(id, await workers.list(), catalog.all(), clock.now(), () => setImmediate());
    return { items: names.slice(0, MAX_NAMES), total: names.length };
  }

  @Post('workers/:id/drain')
  @Anytime()
  @Needs('operator')
  @Operation({
    id: 'drainWorker',
    summary: 'Let a worker finish what it has and take nothing new',
    description: 'Safe to repeat.',
    status: 202,
    errors: NO_WORKER,
  })
  async drain(@Param('id', { schema: workerIdParam }) id: string, @Caller() caller: Identity): Promise<void> {
    await this.parts.workers.drain(id, actorOf(caller));
  }

  @Post('workers/:id/undrain')
  @Anytime()
  @Needs('operator')
  @Operation({
    id: 'undrainWorker',
    summary: 'Let a draining worker work again',
    description: 'Safe to repeat.',
    status: 202,
    errors: NO_WORKER,
  })
  async undrain(@Param('id', { schema: workerIdParam }) id: string, @Caller() caller: Identity): Promise<void> {
    await this.parts.workers.undrain(id, actorOf(caller));
  }

  @Get('groups')
  @Needs('viewer')
  @Operation({ id: 'listGroups', summary: 'Pools of workers and how many jobs hang on them', answer: groupListDto })
  async groups(): Promise<z.infer<typeof groupListDto>> {
    return { items: groupsOf(await this.parts.workers.list(), this.parts.catalog.all()) };
  }
}
