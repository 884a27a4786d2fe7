import { type CoordinationStore, listAll, type StoreStatus } from '@app/etcd';
import { type FleetView, type JobRegistry, type Keys } from '@app/jobs';
import { type HistoryStore, LogSink } from '@app/logs';
import type { MirroredWorkers } from '../live/mirrored-workers.js';
import type { ClusterStatus, ClusterView, ClusterWarning, MasterView } from '../ports/cluster-status.js';
import { CLOCK_SUSPECT, WARNING_WORDS } from '../words/warning-words.js';
import { type Words } from '../words/words.js';
import type { FutureCursors } from './future-cursors.js';

const STORE_ALMOST_FULL = 0.8;
/** etcd's own default, where the server does not tell. */
const ETCD_DEFAULT_QUOTA = 2 * 1024 ** 3;
const LAG_WARN_MS = 5000;

/** Reads the health of the whole, and says in words what is not well. */
export class StoreClusterStatus implements ClusterStatus {
  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly history: HistoryStore,
    private readonly sink: LogSink,
    private readonly registry: JobRegistry,
    private readonly fleet: FleetView,
    private readonly workers: MirroredWorkers,
    private readonly futureCursors: FutureCursors,
    private readonly kinds: {
      readonly store: 'etcd' | 'embedded' | 'memory';
      readonly history: 'mongodb' | 'embedded';
    },
  ) {}

  async read(): Promise<ClusterView> {
    const [status, masters, historyIsUp] = await Promise.all([
      this.store.status({ deadlineMs: 2000 }).catch(() => undefined),
      this.readMasters().catch(() => []),
      this.history.ping().then(
        () => true,
        () => false,
      ),
    ]);
    const watchLagMs = Math.max(this.registry.lagMs, this.workers.lagMs);
    return {
      masters,
      store: {
        kind: this.kinds.store,
        isUp: status !== undefined,
        alarms: status?.alarms ?? [],
        members: (status?.members ?? []).map(({ leader: isLeader, ...member }) => ({ ...member, isLeader })),
        ...(status ? { revision: status.revision, sizeBytes: status.dbSizeBytes } : {}),
        ...(status?.quotaBytes === undefined ? {} : { quotaBytes: status.quotaBytes }),
      },
      history: { kind: this.kinds.history, isUp: historyIsUp, waitingRecords: this.sink.stats().waitingRecords },
      watchLagMs,
      warnings: await this.warnings(status, masters, historyIsUp, watchLagMs),
    };
  }

  private async readMasters(): Promise<readonly MasterView[]> {
    const [{ entries }, leader] = await Promise.all([
      listAll(this.store, this.keys.masters),
      this.store.get(this.keys.leader),
    ]);
    const leaderId = leader?.value.toString('utf8');
    return entries.flatMap(({ value }) => {
      try {
        const { id, address, pid, version, startedAt } = JSON.parse(value.toString('utf8'));
        return { id, address, pid, version, isLeader: id === leaderId, startedAt: Date.parse(startedAt) };
      } catch {
        return [];
      }
    });
  }

  private async warnings(
    status: StoreStatus | undefined,
    masters: readonly MasterView[],
    historyIsUp: boolean,
    watchLagMs: number,
  ): Promise<readonly ClusterWarning[]> {
    const warnings: ClusterWarning[] = [];
    const say = WARNING_WORDS;
    const warn: Warn = (code, text) => warnings.push({ code, text });
    if (!status) warn('storeAway', say.storeAway());
    else {
      if (status.alarms.length > 0) warn('storeAlarm', say.storeAlarm(status.alarms));
      const quota = status.quotaBytes ?? (this.kinds.store === 'etcd' ? ETCD_DEFAULT_QUOTA : Infinity);
      if (status.dbSizeBytes > quota * STORE_ALMOST_FULL) {
        warn('storeAlmostFull', say.storeAlmostFull(status.dbSizeBytes, quota));
      }
      if (masters.length > 0 && !masters.some(({ isLeader }) => isLeader)) warn('noLeader', say.noLeader());
    }
    if (!historyIsUp) warn('historyAway', say.historyAway());
    if (watchLagMs > LAG_WARN_MS) warn('watchBehind', say.watchBehind(Math.round(watchLagMs / 1000)));
    const ahead = status ? await this.futureCursors.names() : [];
    if (ahead.length > 0) warn('cursorInFuture', say.cursorInFuture(ahead));
    await this.warnOfWorkers(warn);
    return warnings;
  }

  private async warnOfWorkers(warn: Warn): Promise<void> {
    const say = WARNING_WORDS;
    const workers = await this.workers.list();
    if (workers.length === 0) warn('noWorker', say.noWorker());
    for (const { id, state, reason } of workers) {
      if (state === 'unwell') warn('workerUnwell', say.workerUnwell(id, reason ?? CLOCK_SUSPECT));
    }
    const zones = new Set(workers.map(({ tzVersion }) => tzVersion ?? '?'));
    if (zones.size > 1) warn('mixedTimeZones', say.mixedTimeZones([...zones]));
    if (workers.length === 0) return;
    const orphans = [...this.registry.all()].filter(
      ({ job, schedule }) => job !== undefined && schedule !== undefined && !this.fleet.hasEligible(job),
    );
    if (orphans.length > 0) warn('noEligibleWorker', say.noEligibleWorker(orphans.map(({ name }) => name)));
  }
}

type Warn = (code: ClusterWarning['code'], text: Words) => void;
