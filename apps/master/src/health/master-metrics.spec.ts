import type { Run } from '@app/jobs';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClusterView, ClusterWarning, MasterVitals } from '../ports/cluster-status.js';
import type { WorkerView } from '../ports/worker-directory.js';
import { registerMasterMetrics } from './master-metrics.js';

const VITALS: MasterVitals = {
  watchLagMs: 7,
  loopStallMs: 40,
  loopWaitMs: 31,
  clockOffsetMs: -12,
  isClockStopped: false,
};
const worker = (id: string, state: WorkerView['state']) => ({ id, state }) as WorkerView;
const warning = (code: ClusterWarning['code'], about: string) =>
  ({ code, severity: 'warning', text: { en: about, zh: about } }) as const;

const VIEW: ClusterView = {
  masters: [],
  workers: [worker('w1', 'ready'), worker('w2', 'unwell'), worker('w3', 'unwell')],
  store: {
    ...{ kind: 'etcd', isUp: true, sizeBytes: 900, inUseBytes: 400, quotaBytes: 1000, alarms: ['NOSPACE'] },
    members: [],
  },
  history: { kind: 'mongodb', isUp: false },
  warnings: [warning('workerUnwell', 'w2'), warning('workerUnwell', 'w3'), warning('historyAway', '')],
};

describe('the metrics of a master', () => {
  let registry: Registry;
  let view: ClusterView;
  let reads: number;

  beforeEach(() => {
    registry = new Registry();
    [view, reads] = [VIEW, 0];
    registerMasterMetrics(registry, {
      cluster: {
        read: async () => {
          reads++;
          return view;
        },
      },
      vitals: () => VITALS,
      isLeader: () => true,
      liveRuns: { list: () => ['running', 'succeeded', 'missed', 'queued'].map((status) => ({ status }) as Run) },
    });
  });

  const series = async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('fleetcron_'));

  it('say how it does itself, and how the whole stands', async () => {
    expect(await series()).toEqual([
      'fleetcron_master_is_leader 1',
      'fleetcron_master_watch_lag_ms 7',
      'fleetcron_master_clock_offset_ms -12',
      'fleetcron_master_loop_stall_ms 40',
      'fleetcron_master_loop_wait_ms 31',
      'fleetcron_masters 0',
      'fleetcron_workers{state="starting"} 0',
      'fleetcron_workers{state="ready"} 1',
      'fleetcron_workers{state="draining"} 0',
      'fleetcron_workers{state="unwell"} 2',
      'fleetcron_undelivered_decisions 2',
      'fleetcron_warnings{code="workerUnwell"} 2',
      'fleetcron_warnings{code="historyAway"} 1',
      'fleetcron_store_up 1',
      'fleetcron_store_size_bytes 900',
      'fleetcron_store_in_use_bytes 400',
      'fleetcron_store_quota_bytes 1000',
      'fleetcron_store_alarms{alarm="NOSPACE"} 1',
      'fleetcron_history_up 0',
    ]);
  });

  it('ask the cluster once for each time somebody asks', async () => {
    await series();
    await series();
    expect(reads).toBe(2);
  });

  it('show no size of a store that is away, and no warning that is over', async () => {
    await series();
    view = { ...VIEW, store: { kind: 'etcd', isUp: false, alarms: [], members: [] }, warnings: [] };
    const now = await series();
    expect(now).toContain('fleetcron_store_up 0');
    expect(now.filter((line) => /size|use|quota|alarm|warnings/.test(line))).toEqual([]);
  });
});
