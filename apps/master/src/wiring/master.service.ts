import { COORDINATION_STORE, type CoordinationStore, LeaderElection } from '@app/etcd';
import {
  Beats,
  ClockGuard,
  Courier,
  Delivery,
  FleetView,
  Housekeeper,
  JobRegistry,
  Keys,
  type StoredJob,
  StoreJobControl,
  storedJob,
} from '@app/jobs';
import { HISTORY_STORE, HistoryHousekeeping, type HistoryStore, LogSink, registerSinkMetrics } from '@app/logs';
import { LoopWatch, ReadMetrics, StoreUnavailable } from '@app/platform';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { registerMasterMetrics } from '../health/master-metrics.js';
import { MirroredRuns } from '../live/mirrored-runs.js';
import { MirroredWorkers } from '../live/mirrored-workers.js';
import type { MasterParts } from '../master-parts.js';
import type { MasterVitals } from '../ports/cluster-status.js';
import { FutureCursors } from './future-cursors.js';
import { MASTER_OPTIONS, type MasterModuleOptions } from './master-options.js';
import { MasterPresence } from './master-presence.js';
import { StoreClusterStatus } from './store-cluster-status.js';
import { StoreGrowthWatch } from './store-growth-watch.js';

const DAY_MS = 86_400_000;

/** A master's life in this process: mirrors what it shows, stands for election, keeps house while it leads. */
@Injectable()
export class MasterService implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  /** What the HTTP face stands on. */
  readonly parts: MasterParts;
  private readonly stopping = new AbortController();
  private readonly workers: MirroredWorkers;
  private readonly liveRuns: MirroredRuns;
  private readonly presence: MasterPresence;
  private readonly election: LeaderElection;
  private readonly housekeeper: Housekeeper;
  private readonly historyHousekeeping: HistoryHousekeeping;
  private readonly loop: LoopWatch;
  private readonly growth: StoreGrowthWatch;
  private hasMirrors = false;
  private noteListed: () => void = () => {};

  constructor(
    @Inject(MASTER_OPTIONS) private readonly options: MasterModuleOptions,
    @Inject(COORDINATION_STORE) store: CoordinationStore,
    @Inject(HISTORY_STORE) history: HistoryStore,
    keys: Keys,
    registry: JobRegistry,
    sink: LogSink,
  ) {
    const { clock, log, id, config } = options;
    const fleet = new FleetView(keys);
    const guard = new ClockGuard(clock);
    const hears = new Beats(
      store,
      keys,
      clock,
      guard,
      id,
      () => undefined,
      () => ({ running: 0, load: 0 }),
    );
    const isClockGood = (): boolean => guard.check() !== 'stopped';
    this.workers = new MirroredWorkers(store, keys, clock, log, {
      isClockGood,
      onWorkers: (changes) => fleet.apply(changes),
      onBeats: (changes) => hears.apply(changes),
    });
    this.liveRuns = new MirroredRuns(store, keys, clock, log);
    this.loop = new LoopWatch(clock);
    this.growth = new StoreGrowthWatch(store, keys, clock);
    const cluster = new StoreClusterStatus({
      ...{ store, keys, clock, history, sink, registry, fleet, kinds: options.kinds },
      workers: this.workers,
      futureCursors: new FutureCursors(store, keys, registry, clock),
      growth: this.growth,
    });
    const vitals = (): MasterVitals => ({
      watchLagMs: Math.round(cluster.watchLagMs),
      ...this.loop.longest,
      isClockStopped: guard.check() === 'stopped',
      ...(guard.offsetMs === undefined ? {} : { clockOffsetMs: Math.round(guard.offsetMs) }),
    });
    const startedAt = new Date(clock.now()).toISOString();
    const facts = { id, address: options.address, pid: process.pid, version: options.version, startedAt };
    const tzData = process.versions.tz ?? '';
    this.presence = new MasterPresence(store, keys, clock, log, { ...facts, tzData }, vitals);
    this.historyHousekeeping = new HistoryHousekeeping(history, clock, log, {
      keepRunsMs: config.historyDays * DAY_MS,
      ...(config.historyKeepPerJob === undefined ? {} : { keepRunsPerJob: config.historyKeepPerJob }),
    });
    this.election = new LeaderElection({
      store,
      clock,
      log,
      key: keys.leader,
      value: id,
      onElected: () => this.historyHousekeeping.start(),
      onDeposed: () => void this.historyHousekeeping.stop(),
    });
    const courier = new Courier(store, clock, log);
    // The disk of a master keeps nothing: only history takes a decision off the store.
    const delivery = new Delivery(keys, clock, log, courier, sink, this.stopping.signal, Number.POSITIVE_INFINITY);
    const isOurTurn = async (): Promise<boolean> => this.election.isLeader();
    this.housekeeper = new Housekeeper({
      store,
      keys,
      clock,
      log,
      registry,
      fleet,
      delivery,
      id,
      isOurTurn,
      isWhole: true,
      compacts: config.compact,
    });
    const isRecorded = async (runId: string): Promise<boolean> => (await history.findRun(runId)) !== undefined;
    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    registerSinkMetrics(new ReadMetrics(metrics), () => sink.stats());
    registerMasterMetrics(metrics, {
      cluster,
      vitals,
      isLeader: () => this.election.isLeader(),
      liveRuns: this.liveRuns,
    });
    this.parts = {
      store,
      prefix: keys.prefix,
      history,
      jobs: new StoreJobControl({ store, keys, clock, log, registry, id, isClockGood, isRecorded }),
      catalog: { all: () => storedJobs(registry) },
      liveRuns: this.liveRuns,
      workers: this.workers,
      cluster,
      metrics,
      clock,
      log,
      options: options.http,
      listed: new Promise((resolve) => {
        this.noteListed = resolve;
      }),
      readiness: {
        mirrors: async () => {
          if (!this.hasMirrors) throw new Error('still listing');
        },
        store: async () => {
          await store.get(keys.leader, { deadlineMs: 1500 });
        },
      },
    };
    this.started = () => registry.start();
  }

  private readonly started: () => Promise<void>;

  /** Told once it listens: where people reach it. */
  servesAt(address: string): void {
    this.presence.servesAt(address);
  }

  onApplicationBootstrap(): void {
    const { log } = this.options;
    this.loop.start();
    if (this.options.kinds.store === 'etcd') this.growth.start();
    this.presence.start();
    this.election.start();
    Promise.all([this.started(), this.workers.start(), this.liveRuns.start()]).then(
      () => {
        this.hasMirrors = true;
        this.noteListed();
        this.housekeeper.start();
        log.info('Master is up', { master: this.options.id });
      },
      (error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error;
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.housekeeper.stop();
    await this.historyHousekeeping.stop();
    await this.election.close();
    await this.presence.stop();
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
    this.loop.stop();
    this.growth.stop();
    this.workers.close();
    this.liveRuns.close();
  }
}

function* storedJobs(registry: JobRegistry): Generator<StoredJob> {
  for (const definition of registry.all()) yield storedJob(definition);
}
