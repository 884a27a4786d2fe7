import { type Clock, type Log, type WorkerConfig } from '@app/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { WORKER_OPTIONS, WorkerService } from './worker.service.js';

/** What a worker is told beside the libraries it stands on. */
export interface WorkerModuleOptions {
  readonly config: Pick<WorkerConfig, 'data' | 'workerId' | 'group' | 'labels' | 'slots' | 'drainSeconds' | 'passEnv'>;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Program and arguments that speak a dead worker's last words. */
  readonly lastWords: readonly string[];
}

/** The worker's part of the module graph: watches, schedules, claims, runs, records. Needs stores, registry and sink. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's form of a module with options
export class WorkerModule {
  static forRoot(options: WorkerModuleOptions): DynamicModule {
    return {
      module: WorkerModule,
      providers: [{ provide: WORKER_OPTIONS, useValue: options }, WorkerService],
      exports: [WorkerService],
    };
  }
}
