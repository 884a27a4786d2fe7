import {
  DynamicModule,
  FactoryProvider,
  Global,
  Inject,
  Injectable,
  Module,
  ModuleMetadata,
  OnApplicationShutdown,
} from '@nestjs/common';
import { LockService } from './lock/lock-service.js';
import { EtcdModuleOptions, openCoordinationStore } from './open-store.js';
import { CoordinationStore } from './port/coordination-store.js';

/** Injects the CoordinationStore. */
export const COORDINATION_STORE = Symbol('COORDINATION_STORE');

const OPTIONS = Symbol('EtcdModuleOptions');

/** How the options come about: from what other providers know. */
export interface EtcdModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: the arguments are what `inject` names, which types cannot follow
  readonly useFactory: (...args: any[]) => EtcdModuleOptions | Promise<EtcdModuleOptions>;
}

/** Closes the store after all else has stopped: presence is taken back and leases are revoked before. */
@Injectable()
class StoreCloser implements OnApplicationShutdown {
  constructor(@Inject(COORDINATION_STORE) private readonly store: CoordinationStore) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

/** The coordination store and the locks on it, for the whole application. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's form of a module with options
export class EtcdModule {
  static forRootAsync({ imports = [], inject = [], useFactory }: EtcdModuleAsyncOptions): DynamicModule {
    return {
      module: EtcdModule,
      imports,
      providers: [
        { provide: OPTIONS, inject, useFactory },
        { provide: COORDINATION_STORE, inject: [OPTIONS], useFactory: openCoordinationStore },
        {
          provide: LockService,
          inject: [COORDINATION_STORE, OPTIONS],
          useFactory: (store: CoordinationStore, { prefix }: EtcdModuleOptions) => new LockService(store, prefix),
        },
        StoreCloser,
      ],
      exports: [COORDINATION_STORE, LockService],
    };
  }

  static forRoot(options: EtcdModuleOptions): DynamicModule {
    return EtcdModule.forRootAsync({ useFactory: () => options });
  }
}
