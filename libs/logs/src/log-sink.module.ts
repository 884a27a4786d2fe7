import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Clock, Log } from '@app/platform';
import {
  BeforeApplicationShutdown,
  DynamicModule,
  FactoryProvider,
  Global,
  Inject,
  Injectable,
  Module,
  ModuleMetadata,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import { openHistory, parseHistoryUrl } from './history-url.js';
import { HistoryStore } from './port/history-store.js';
import { withDeadline } from './port/with-deadline.js';
import { LogSink } from './sink/log-sink.js';
import { LogSinkTuning } from './sink/options.js';

/** Token of the `HistoryStore`. */
export const HISTORY_STORE = Symbol('HISTORY_STORE');

const OPTIONS = Symbol('LogSinkModuleOptions');

const CLOSE_MS = 5_000;

export interface LogSinkModuleOptions {
  /** `embedded:./data` or `mongodb://...`; see parseHistoryUrl. */
  readonly history: string;
  /** Folder of this process; the spool is kept in `spool` below it. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Time the sink has at shutdown to hand over what it holds, milliseconds; 5,000 unless given. */
  readonly closeMs?: number;
  readonly tuning?: Partial<LogSinkTuning>;
}

/** How the options are made; the same as of any module's forRootAsync. */
export interface LogSinkModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest passes whatever `inject` names.
  readonly useFactory: (...dependencies: any[]) => LogSinkModuleOptions | Promise<LogSinkModuleOptions>;
}

/** Starts the sink with the application, and hands everything over before it ends. */
@Injectable()
class LogSinkLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly sink: LogSink,
    @Inject(HISTORY_STORE) private readonly store: HistoryStore,
    @Inject(OPTIONS) private readonly options: LogSinkModuleOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sink.start();
    // Connects while nothing is due: making a client takes a while, and the first records come in the midst of fires.
    void this.store.ping().catch(() => {});
  }

  /** Hands over what there is. It stays open, for others may still record something at this stage of their own. */
  async beforeApplicationShutdown(): Promise<void> {
    const { clock, closeMs = CLOSE_MS } = this.options;
    await withDeadline(clock, closeMs / 2, 'flush', this.sink.flush()).catch(() => {});
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sink.close((this.options.closeMs ?? CLOSE_MS) / 2).finally(() => this.store.close());
  }
}

/** Run records and output: `LogSink` to write them by, `HISTORY_STORE` to read them by. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's form of a module with options
export class LogSinkModule {
  static forRootAsync({ imports = [], inject = [], useFactory }: LogSinkModuleAsyncOptions): DynamicModule {
    return {
      module: LogSinkModule,
      imports,
      providers: [
        { provide: OPTIONS, inject, useFactory },
        { provide: HISTORY_STORE, inject: [OPTIONS], useFactory: openStore },
        { provide: LogSink, inject: [OPTIONS, HISTORY_STORE], useFactory: createSink },
        LogSinkLifecycle,
      ],
      exports: [LogSink, HISTORY_STORE],
    };
  }

  static forRoot(options: LogSinkModuleOptions): DynamicModule {
    return LogSinkModule.forRootAsync({ useFactory: () => options });
  }
}

function openStore({ history, clock, log }: LogSinkModuleOptions): HistoryStore {
  const location = parseHistoryUrl(history);
  if (location.kind === 'embedded' && location.path !== ':memory:')
    mkdirSync(dirname(location.path), { recursive: true });
  return openHistory(location, clock, log);
}

function createSink(options: LogSinkModuleOptions, store: HistoryStore): LogSink {
  return new LogSink(store, join(options.dataFolder, 'spool'), options.clock, options.log, options.tuning);
}
