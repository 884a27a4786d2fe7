import { isTerminal } from '@app/jobs';
import { ReadMetrics } from '@app/platform';
import type { Registry } from 'prom-client';
import type { ClusterStatus, ClusterView, MasterVitals } from '../ports/cluster-status.js';
import type { LiveRuns } from '../ports/live-runs.js';
import type { WorkerView } from '../ports/worker-directory.js';

/** What a master's metrics are read from. */
export interface MasterMetricsSources {
  readonly cluster: ClusterStatus;
  readonly vitals: () => MasterVitals;
  readonly isLeader: () => boolean;
  readonly liveRuns: Pick<LiveRuns, 'list'>;
}

const WORKER_STATES = ['starting', 'ready', 'draining', 'unwell'] as const satisfies readonly WorkerView['state'][];

/** Adds to a registry how a master does itself, and what any master can tell of the whole. */
export function registerMasterMetrics(registry: Registry, sources: MasterMetricsSources): void {
  const { vitals, isLeader, liveRuns } = sources;
  const metrics = new ReadMetrics(registry);
  const cluster = shared(() => sources.cluster.read());

  metrics.gauge('master_is_leader', '1 while this master leads', () => (isLeader() ? 1 : 0));
  metrics.gauge('master_watch_lag_ms', 'How far its view of the store may be behind', () => vitals().watchLagMs);
  metrics.gauge('master_clock_offset_ms', "This clock minus the workers'", () => vitals().clockOffsetMs);
  metrics.gauge(
    'master_loop_stall_ms',
    'Longest time the event loop stood still in the last minute',
    () => vitals().loopStallMs,
  );
  metrics.gauge('master_loop_wait_ms', 'For how long of it there was no processor for it', () => vitals().loopWaitMs);

  metrics.gauge('masters', 'Masters that are there', async () => (await cluster()).masters.length);
  metrics.gauges('workers', 'Workers that are there, by state', 'state', async () => {
    const { workers } = await cluster();
    const count = (state: WorkerView['state']): number => workers.filter((each) => each.state === state).length;
    return Object.fromEntries(WORKER_STATES.map((state) => [state, count(state)]));
  });
  metrics.gauge(
    'undelivered_decisions',
    'Ended decisions that stand in the store until history has them, of all workers',
    () => liveRuns.list().filter(({ status }) => isTerminal(status)).length,
  );
  metrics.gauges('warnings', 'What is not well, by code: 1 for each that GET /cluster says', 'code', async () => {
    const codes = (await cluster()).warnings.map(({ code }) => code);
    return Object.fromEntries(codes.map((code) => [code, codes.filter((each) => each === code).length]));
  });

  metrics.gauge('store_up', '1 while the coordination store answers', async () =>
    asNumber((await cluster()).store.isUp),
  );
  metrics.gauge('store_size_bytes', 'Size of its database', async () => (await cluster()).store.sizeBytes);
  metrics.gauge('store_in_use_bytes', 'What of it is in use', async () => (await cluster()).store.inUseBytes);
  metrics.gauge('store_quota_bytes', 'Size at which it refuses writes', async () => (await cluster()).store.quotaBytes);
  metrics.gauges('store_alarms', 'Alarms it raises', 'alarm', async () =>
    Object.fromEntries((await cluster()).store.alarms.map((alarm) => [alarm, 1])),
  );
  metrics.gauge('history_up', '1 while history answers', async () => asNumber((await cluster()).history.isUp));
}

/** Those who ask while an answer is on its way get the same one: all gauges of one scrape do. */
function shared(read: () => Promise<ClusterView>): () => Promise<ClusterView> {
  let reading: Promise<ClusterView> | undefined;
  return () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

function asNumber(isSo: boolean): number {
  return isSo ? 1 : 0;
}
