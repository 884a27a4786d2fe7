import { randomUUID } from 'node:crypto';
import { hostname, loadavg } from 'node:os';
import { COORDINATION_STORE, type CoordinationStore } from '@app/etcd';
import { JobRegistry, Keys, type OutputPiece, type ProcessVitals, type RunEntry, WorkerEngine } from '@app/jobs';
import { LogSink } from '@app/logs';
import { type FolderLock, LoopWatch, lockFolder, type Standstill } from '@app/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { allowedEnvironment } from './running/executors/allowed-environment.js';
import { Executors } from './running/executors/executors.js';
import { ShellExecutor } from './running/executors/shell-executor.js';
import { recover } from './running/recover.js';
import { SupervisedRunHost } from './running/supervised-run-host.js';
import type { WorkerModuleOptions } from './worker.module.js';
import { addressOfHost, identify, type WorkerIdentity } from './worker-identity.js';

export const WORKER_OPTIONS = Symbol('WorkerOptions');

/**
 * A worker's life in this process. Start: take the data folder, end what an earlier life left, bring the supervisor up,
 * join the fleet. Stop: drain, end, leave, give the folder back.
 */
@Injectable()
export class WorkerService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private folder: FolderLock | undefined;
  private host: SupervisedRunHost | undefined;
  private running: WorkerEngine | undefined;
  private joining: Promise<void> = Promise.resolve();
  private isStopping = false;
  private bootstrapping: Promise<void> = Promise.resolve();
  private readonly loop: LoopWatch;

  constructor(
    @Inject(WORKER_OPTIONS) private readonly options: WorkerModuleOptions,
    @Inject(COORDINATION_STORE) private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly registry: JobRegistry,
    private readonly sink: LogSink,
  ) {
    this.loop = new LoopWatch(options.clock);
  }

  /** undefined before the start and after a stop. */
  get engine(): WorkerEngine | undefined {
    return this.running;
  }

  /** The longest time the event loop stood still in the last minute. */
  get standstill(): Standstill {
    return this.loop.longest;
  }

  onApplicationBootstrap(): Promise<void> {
    this.bootstrapping = this.bootstrap();
    return this.bootstrapping;
  }

  private async bootstrap(): Promise<void> {
    const { config, clock, log, lastWords } = this.options;
    this.folder = lockFolder(config.data, 'worker');
    this.loop.start();
    // Jobs are read while the supervisor comes up; the engine waits for both, and hears of what went wrong.
    this.registry.start().catch(() => {});
    const identity = identify(config.workerId, config.data);
    const earlier = await recover(config.data, log);
    this.host = new SupervisedRunHost({ dataFolder: config.data, workerId: identity.id, clock, log, lastWords });
    await this.host.open();
    this.running = this.createEngine(identity, this.host, earlier);
    // A store that is away is waited for; the process is up meanwhile, and says so.
    this.joining = this.running.start();
    this.joining.catch((error: unknown) => {
      // Told to stop while it waited for the store.
      if (this.isStopping) return;
      log.error('The worker cannot work', { error });
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM');
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    // Told to stop as it starts: what it is about to open is closed in order. Why it fails is for the start to say.
    await this.bootstrapping.catch(() => {});
    await this.running?.stop();
    this.running = undefined;
    this.loop.stop();
    await this.host?.close(1000);
    this.folder?.release();
  }

  private createEngine(
    { id, isNamedByFolder }: WorkerIdentity,
    host: SupervisedRunHost,
    earlier: Awaited<ReturnType<typeof recover>>,
  ): WorkerEngine {
    const { config, version, clock, log } = this.options;
    const inherited = allowedEnvironment(process.env, config.passEnv);
    const executors = new Executors([new ShellExecutor(host, inherited)]);
    return new WorkerEngine({
      store: this.store,
      keys: this.keys,
      registry: this.registry,
      clock,
      log,
      host: executors,
      recorder: this.sink,
      buildOrder: ({ job }, entry, { fence, notAfterBootMs }) => {
        if (!job) throw new Error('the job is invalid');
        const { runId, session, scheduledTime, attempt, params = {} } = entry;
        const holdsLock = entry.lockSlot !== undefined;
        // The run is ended by the terms it was claimed under; an edit since then may say otherwise.
        const { lostAfterSeconds = job.lostAfterSeconds } = entry;
        const claimed = lostAfterSeconds === job.lostAfterSeconds ? job : { ...job, lostAfterSeconds };
        return executors.order(claimed, {
          runId,
          session,
          scheduledTime,
          attempt,
          params,
          fence,
          holdsLock,
          notAfterBootMs,
        });
      },
      onOutput: (entry, piece) => this.record(entry, piece),
      presence: {
        id,
        boot: randomUUID(),
        host: hostname(),
        address: addressOfHost(),
        pid: process.pid,
        version,
        tzData: process.versions.tz ?? '',
        group: config.group,
        labels: config.labels,
        slots: config.slots,
      },
      ownsFolder: isNamedByFolder,
      earlier,
      drainMs: config.drainSeconds * 1000,
      closeHost: (graceMs) => host.close(graceMs),
      vitals: () => this.vitals(),
    });
  }

  private vitals(): ProcessVitals {
    const { spoolBytes, delayedSince } = this.sink.stats();
    return {
      load: loadavg()[0] ?? 0,
      ...this.loop.longest,
      spoolBytes,
      ...(delayedSince === undefined ? {} : { historyAwaySince: delayedSince }),
    };
  }

  private record(entry: RunEntry, piece: OutputPiece): void {
    this.sink.appendOutput({ ...piece, jobName: entry.jobName });
  }
}
