import { type CoordinationStore, listAll, type StoreStatus } from '@app/etcd';
import { type FleetView, type JobRegistry, type Keys } from '@app/jobs';
import { type HistoryStore, LogSink } from '@app/logs';
import type { Clock } from '@app/platform';
import { findingsOf } from '../cluster/findings/findings-of.js';
import { checkAll } from '../health/check-all.js';
import type { MirroredWorkers } from '../live/mirrored-workers.js';
import type { ClusterStatus, ClusterView, MasterView } from '../ports/cluster-status.js';
import type { FutureCursors } from './future-cursors.js';
import { readMaster } from './read-master.js';
import type { StoreGrowthWatch } from './store-growth-watch.js';

/** What the health of the whole is read from. */
export interface ClusterSources {
  readonly store: CoordinationStore;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly history: HistoryStore;
  readonly sink: Pick<LogSink, 'stats'>;
  readonly registry: JobRegistry;
  readonly fleet: FleetView;
  readonly workers: MirroredWorkers;
  readonly futureCursors: FutureCursors;
  readonly growth: StoreGrowthWatch;
  readonly kinds: {
    readonly store: 'etcd' | 'embedded' | 'memory';
    readonly history: 'mongodb' | 'embedded';
  };
}

/** Reads the health of the whole, and says in words what is not well. */
export class StoreClusterStatus implements ClusterStatus {
  constructor(private readonly from: ClusterSources) {}

  async read(): Promise<ClusterView> {
    const { store, history, sink, kinds, futureCursors, growth, clock } = this.from;
    const [status, masters, workers, checks] = await Promise.all([
      store.status({ deadlineMs: 2000 }).catch(() => undefined),
      this.readMasters().catch(() => []),
      this.from.workers.list(),
      checkAll({ history: () => history.ping() }, clock),
    ]);
    const isHistoryUp = checks.history === 'ok';
    const { watchLagMs } = this;
    return {
      masters,
      workers,
      store: { kind: kinds.store, ...storeView(status) },
      history: { kind: kinds.history, isUp: isHistoryUp, waitingRecords: sink.stats().waitingRecords },
      watchLagMs,
      warnings: findingsOf({
        now: clock.now(),
        store: { status, kind: kinds.store, growth: growth.growth },
        isHistoryUp,
        watchLagMs,
        masters,
        workers,
        jobsWithoutWorker: this.jobsWithoutWorker(),
        jobsAhead: status ? await futureCursors.names() : [],
      }),
    };
  }

  /** How far this master's view of the store may be behind, milliseconds. */
  get watchLagMs(): number {
    return Math.max(this.from.registry.lagMs, this.from.workers.lagMs);
  }

  private async readMasters(): Promise<readonly MasterView[]> {
    const { store, keys } = this.from;
    const [{ entries }, leader] = await Promise.all([listAll(store, keys.masters), store.get(keys.leader)]);
    const leaderId = leader?.value.toString('utf8');
    return entries.flatMap(({ value }) => readMaster(value, leaderId) ?? []);
  }

  /** Names of jobs that fire and that no worker may run. */
  private jobsWithoutWorker(): readonly string[] {
    return [...this.from.registry.all()]
      .filter(({ job, schedule }) => job !== undefined && schedule !== undefined && !this.from.fleet.hasEligible(job))
      .map(({ name }) => name);
  }
}

function storeView(status: StoreStatus | undefined): Omit<ClusterView['store'], 'kind'> {
  if (!status) return { isUp: false, alarms: [], members: [] };
  const { revision, dbSizeBytes, dbInUseBytes, quotaBytes, alarms, members } = status;
  return {
    isUp: true,
    revision,
    sizeBytes: dbSizeBytes,
    ...(dbInUseBytes === undefined ? {} : { inUseBytes: dbInUseBytes }),
    ...(quotaBytes === undefined ? {} : { quotaBytes }),
    alarms,
    members: members.map(({ leader: isLeader, ...member }) => ({ ...member, isLeader })),
  };
}
