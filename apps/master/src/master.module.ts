import { type DynamicModule, Global, Module } from '@nestjs/common';
import { MasterHttpModule } from './master-http.module.js';
import { MasterService } from './wiring/master.service.js';
import { MASTER_OPTIONS, type MasterModuleOptions } from './wiring/master-options.js';

/** The master's part of the module graph: HTTP face and housekeeping. Needs stores, registry and sink. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's form of a module with options
export class MasterModule {
  static forRoot(options: MasterModuleOptions): DynamicModule {
    return {
      module: MasterModule,
      imports: [
        MasterLifeModule.forRoot(options),
        MasterHttpModule.forRootAsync({ inject: [MasterService], useFactory: (master: MasterService) => master.parts }),
      ],
    };
  }
}

@Global()
@Module({})
class MasterLifeModule {
  static forRoot(options: MasterModuleOptions): DynamicModule {
    return {
      module: MasterLifeModule,
      providers: [{ provide: MASTER_OPTIONS, useValue: options }, MasterService],
      exports: [MasterService],
    };
  }
}
