import { COORDINATION_STORE, type CoordinationStore } from '@app/etcd';
import { type Clock, type Log, StoreUnavailable } from '@app/platform';
import {
  type DynamicModule,
  Global,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { JobRegistry } from './registry/job-registry.js';
import { Keys } from './store/keys.js';

export interface JobsModuleOptions {
  /** Of all keys, without a trailing slash. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps the documents of jobs as text: for a program that knows all of them and shows none. Default no. */
  readonly isSpare?: boolean;
}

/** Begins to mirror the jobs with the application; a store that is away is waited for in the background. */
@Injectable()
class RegistryLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly registry: JobRegistry) {}

  onApplicationBootstrap(): void {
    this.registry.start().catch((error: unknown) => {
      if (!(error instanceof StoreUnavailable)) throw error;
    });
  }

  onApplicationShutdown(): void {
    this.registry.close();
  }
}

/** The keys of this tenant and the registry of its jobs, one for the whole application. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's form of a module with options
export class JobsModule {
  static forRoot({ prefix, clock, log, isSpare }: JobsModuleOptions): DynamicModule {
    return {
      module: JobsModule,
      providers: [
        { provide: Keys, useValue: new Keys(prefix) },
        {
          provide: JobRegistry,
          inject: [COORDINATION_STORE, Keys],
          useFactory: (store: CoordinationStore, keys: Keys) => new JobRegistry(store, keys, clock, log, isSpare),
        },
        RegistryLifecycle,
      ],
      exports: [Keys, JobRegistry],
    };
  }
}
