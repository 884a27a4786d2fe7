import { EtcdModule, type EtcdModuleOptions } from '@app/etcd';
import { JobsModule } from '@app/jobs';
import { LogSinkModule } from '@app/logs';
import { type DynamicModule, Module } from '@nestjs/common';
import { WorkerHealthController } from './health/health.controller.js';
import { WorkerMetrics } from './health/worker-metrics.js';
import { WorkerModule, type WorkerModuleOptions } from './worker.module.js';

export interface WorkerAppOptions extends WorkerModuleOptions {
  readonly store: Pick<EtcdModuleOptions, 'location' | 'prefix'>;
  readonly history: string;
}

/** All that a worker process is made of. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's form of a module with options
export class WorkerAppModule {
  static forRoot(options: WorkerAppOptions): DynamicModule {
    const { clock, log, store, history, config } = options;
    return {
      module: WorkerAppModule,
      imports: [
        EtcdModule.forRoot({ ...store, clock, log }),
        JobsModule.forRoot({ prefix: store.prefix, clock, log, isSpare: true }),
        LogSinkModule.forRoot({ history, dataFolder: config.data, clock, log }),
        WorkerModule.forRoot(options),
      ],
      controllers: [WorkerHealthController],
      providers: [WorkerMetrics],
    };
  }
}
