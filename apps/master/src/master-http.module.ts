import { DynamicModule, FactoryProvider, Module, ModuleMetadata } from '@nestjs/common';
import { ApiModule } from './api.module.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './health/metrics.controller.js';
import { HttpModule } from './http/http.module.js';
import { MASTER_PARTS, MasterParts } from './master-parts.js';

/** How the parts are come by. */
export interface MasterHttpAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...dependencies: never[]) => MasterParts | Promise<MasterParts>;
}

/** The HTTP face of the master: everything under `/api`, the sign-in pages, health and metrics. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest knows a dynamic module by its class.
export class MasterHttpModule {
  /** With the parts at hand. */
  static forRoot(parts: MasterParts): DynamicModule {
    return MasterHttpModule.forRootAsync({ useFactory: () => parts });
  }

  /** With parts that other modules provide. */
  static forRootAsync(options: MasterHttpAsyncOptions): DynamicModule {
    return {
      module: MasterHttpModule,
      imports: [partsModule(options), HttpModule, ApiModule],
      controllers: [HealthController, MetricsController],
    };
  }
}

@Module({})
class MasterPartsModule {}

function partsModule(options: MasterHttpAsyncOptions): DynamicModule {
  const parts = {
    provide: MASTER_PARTS,
    useFactory: options.useFactory as (...dependencies: unknown[]) => unknown,
    inject: options.inject ?? [],
  };
  return {
    module: MasterPartsModule,
    global: true,
    imports: options.imports ?? [],
    providers: [parts],
    exports: [MASTER_PARTS],
  };
}
