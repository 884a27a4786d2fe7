import type { CoordinationStore } from '@app/etcd';
import { JobRegistry, type Keys, type RunEntry, speakLastWords, type Testimony, WorkerEngine } from '@app/jobs';
import { type Clock, pause, silentLog } from '@app/platform';
import type { GroundTruth } from '../accounting/ground-truth.js';
import { FaultyStore, type NetworkFaults } from './faulty-store.js';
import { ProcessClock, SimProcess } from './process.js';
import type { Random } from './random.js';
import { type DurationOf, SimHost } from './sim-host.js';
import { type SimHistory, SimRecorder } from './sim-recorder.js';

/** What all processes of a world share. */
export interface World {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly store: CoordinationStore;
  readonly random: Random;
  readonly truth: GroundTruth;
  readonly history: SimHistory;
  readonly durationOf: DurationOf;
  readonly faults: NetworkFaults;
  isStoreDown: boolean;
  isShuttingDown: boolean;
}

/** One life of a worker: its process, its supervisor, its way to the store. */
export class SimWorker {
  readonly process: SimProcess;
  readonly clock: ProcessClock;
  readonly wire: FaultyStore;
  readonly host: SimHost;
  readonly engine: WorkerEngine;
  /** Resolves when it has stopped by itself. */
  drained: Promise<void> | undefined;

  constructor(
    private readonly world: World,
    readonly id: string,
    life: number,
    testimonies: readonly Testimony[],
    skewMs: number,
    slots: number,
  ) {
    this.process = new SimProcess(`${id}#${life}`);
    this.clock = new ProcessClock(world.clock, this.process);
    this.clock.skewMs = skewMs;
    this.wire = new FaultyStore(world.store, world.clock, this.process, world.random, () => world.isStoreDown);
    this.wire.faults = world.faults;
    this.host = new SimHost(world.clock, this.process, world.random, world.truth, world.durationOf);
    this.engine = new WorkerEngine({
      store: this.wire,
      keys: world.keys,
      registry: new JobRegistry(this.wire, world.keys, this.clock, silentLog),
      clock: this.clock,
      log: silentLog,
      host: this.host,
      recorder: new SimRecorder(world.clock, this.process, world.random, world.history),
      buildOrder: (definition, entry, { notAfterBootMs }) => ({
        runId: entry.runId,
        jobName: entry.jobName,
        session: entry.session,
        holdsLock: entry.lockSlot !== undefined,
        ownershipGraceMs: (definition.job?.lostAfterSeconds ?? 60) * 1000,
        notAfterBootMs,
        argv: ['true'],
        env: { ...environmentOf(entry), IS_EXCLUSIVE: String(definition.job?.concurrencyPolicy === 'forbid') },
        killGraceMs: 2000,
        outputLimitBytes: 1000,
      }),
      onOutput: () => {},
      presence: {
        id,
        boot: `${id}#${life}`,
        host: id,
        address: '10.0.0.1',
        pid: life,
        version: 'sim',
        tzData: 'sim',
        group: 'default',
        labels: {},
        slots,
      },
      ownsFolder: true,
      earlier: { runs: testimonies, sessions: [...new Set(testimonies.map(({ session }) => session))], proven: true },
      drainMs: 4000,
      closeHost: (graceMs) => pause(this.clock, graceMs),
      vitals: () => ({ load: 0, loopStallMs: 0, spoolBytes: 0 }),
    });
  }

  start(): void {
    void this.engine.start();
  }

  drain(): Promise<void> {
    this.drained ??= this.engine.stop().then(() => {
      this.process.kill();
      this.host.workerDied();
    });
    return this.drained;
  }

  /**
   * The process dies. With `speaks`, its supervisor tells the store what became of the runs; without, the whole machine
   * is gone. Resolves with what the journal says to the next life.
   */
  async die(speaks: boolean): Promise<readonly Testimony[]> {
    const session = this.engine.currentSession?.session;
    this.process.kill();
    const testimonies = this.host.workerDied();
    if (!speaks || session === undefined) return testimonies;
    const { world } = this;
    await pause(world.clock, world.random.between(50, 500));
    const mouth = new SimProcess(`${this.id} last words`);
    const wire = new FaultyStore(world.store, world.clock, mouth, world.random, () => world.isStoreDown);
    wire.faults = world.faults;
    const clock = new ProcessClock(world.clock, mouth);
    clock.skewMs = this.clock.skewMs;
    const words = { session, workerId: this.id, proven: true, isWhole: true, runs: testimonies };
    const abort = new AbortController();
    const spoken = speakLastWords(wire, world.keys, clock, silentLog, words, abort.signal).catch(() => []);
    await Promise.race([spoken, pause(world.clock, 10_000)]);
    abort.abort();
    mouth.kill();
    return testimonies;
  }
}

function environmentOf(entry: RunEntry): Record<string, string> {
  return {
    SCHEDULED_TIME: String(entry.scheduledTime),
    ATTEMPT: String(entry.attempt),
    TRIGGER: entry.trigger,
    JOB_REVISION: String(entry.jobRevision),
  };
}
