import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Clock, Log } from '@app/platform';
import {
  BeforeApplicationShutdown,
  DynamicModule,
  FactoryProvider,
  Inject,
  Injectable,
  Module,
  ModuleMetadata,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import { openHistory, parseHistoryUrl } from './history-url.js';
import { HistoryStore } from './port/history-store.js';
import { LogSink } from './sink/log-sink.js';
import { LogSinkTuning } from './sink/options.js';

/** Token of the `HistoryStore`. */
export const HISTORY_STORE = Symbol('HISTORY_STORE');

const OPTIONS = Symbol('LOG_SINK_OPTIONS');

export interface LogSinkModuleOptions {
  /** `embedded:./data` or `mongodb://...`; see parseHistoryUrl. */
  readonly history: string;
  /** Folder of this process; the spool is kept in `spool` below it. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Time the sink has at shutdown to hand over what it holds, milliseconds. */
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
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sink.flush().catch(() => {});
  }

  async onApplicationShutdown(): Promise<void> {
    // Others may have recorded something in their own beforeApplicationShutdown.
    await this.sink.close(this.options.closeMs ?? 5_000).finally(() => this.store.close());
  }
}

/** Run records and output: `LogSink` to write them by, `HISTORY_STORE` to read them by. */
@Module({})
export class LogSinkModule {
  static forRootAsync(options: LogSinkModuleAsyncOptions): DynamicModule {
    return {
      module: LogSinkModule,
      imports: options.imports ?? [],
      providers: [
        { provide: OPTIONS, inject: options.inject ?? [], useFactory: options.useFactory },
        { provide: HISTORY_STORE, inject: [OPTIONS], useFactory: openStore },
        { provide: LogSink, inject: [OPTIONS, HISTORY_STORE], useFactory: createSink },
        LogSinkLifecycle,
      ],
      exports: [LogSink, HISTORY_STORE],
    };
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
