import type { StoreStatus } from '@app/etcd';
import type { Vitals } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import type { MasterView, MasterVitals } from '../../ports/cluster-status.js';
import type { WorkerView } from '../../ports/worker-directory.js';
import { type ClusterFacts, findingsOf } from './findings-of.js';

const NOW = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MIB = 1024 ** 2;
const QUOTA = 1000 * MIB;

const WELL: Vitals = {
  ...{ fires: 1000, latenessP99Ms: 90, latenessMaxMs: 400, claims: 1000, refused: 3, writeRequests: 200 },
  ...{ watchLagMs: 4, loopStallMs: 30, spoolBytes: 0 },
};
const STATUS: StoreStatus = { revision: 9, dbSizeBytes: 20 * MIB, quotaBytes: QUOTA, alarms: [], members: [] };

function worker(id: string, vitals: Partial<Vitals> = {}, facts: Partial<WorkerView> = {}): WorkerView {
  const machine = { host: 'db1', address: '10.0.0.7', pid: 4711, version: '0.1.0', schema: 1, slots: 100, running: 0 };
  const rights = { group: 'default', labels: {}, state: 'ready', tzVersion: '2026b' } as const;
  return { id, ...machine, ...rights, vitals: { ...WELL, ...vitals }, ...facts };
}

function master(id: string, vitals: Partial<MasterVitals> = {}, facts: Partial<MasterView> = {}): MasterView {
  const about = {
    id,
    address: '10.0.0.5:8080',
    pid: 4242,
    version: '0.1.0',
    startedAt: NOW - HOUR,
    tzVersion: '2026b',
  };
  const well = { watchLagMs: 0, loopStallMs: 40, isClockStopped: false };
  return { ...about, isLeader: id === 'm1', vitals: { ...well, ...vitals }, ...facts };
}

function facts(changes: Partial<ClusterFacts> = {}): ClusterFacts {
  return {
    now: NOW,
    store: { status: STATUS, kind: 'etcd', growth: undefined },
    isHistoryUp: true,
    watchLagMs: 0,
    masters: [master('m1'), master('m2')],
    workers: [worker('w1'), worker('w2')],
    jobsWithoutWorker: [],
    jobsAhead: [],
    ...changes,
  };
}

const store = (changes: Partial<StoreStatus>, growth?: ClusterFacts['store']['growth']): Partial<ClusterFacts> => ({
  store: { status: { ...STATUS, ...changes }, kind: 'etcd', growth },
});
const grown = (bytes: number) => ({ since: NOW - 3 * HOUR, overMs: 3 * HOUR, grownBytes: bytes });
const findings = (changes: Partial<ClusterFacts>) => findingsOf(facts(changes));
const codes = (changes: Partial<ClusterFacts>): string[] => findings(changes).map(({ code }) => code);

describe('what is not well with the cluster', () => {
  it('is nothing while all is well, with processes too old to tell as well', () => {
    const { vitals: _w, tzVersion: _z, ...oldMaster } = master('m2');
    const { vitals: _v, ...oldWorker } = worker('w2');
    expect(findings({})).toEqual([]);
    expect(findings({ masters: [master('m1'), oldMaster], workers: [worker('w1'), oldWorker] })).toEqual([]);
  });

  it.each<[string, Partial<ClusterFacts>, object]>([
    ['storeAway', { store: { status: undefined, kind: 'etcd', growth: undefined } }, { severity: 'error' }],
    ['storeAlarm', store({ alarms: ['NOSPACE'] }), { severity: 'error', about: ['NOSPACE'] }],
    [
      'storeAlmostFull',
      store({ dbSizeBytes: 801 * MIB }),
      { severity: 'warning', detail: { sizeBytes: 801 * MIB, quotaBytes: QUOTA } },
    ],
    ['storeAlmostFull', store({ dbSizeBytes: 951 * MIB }), { severity: 'error' }],
    [
      'storeGrows',
      store({}, grown(51 * MIB)),
      { severity: 'warning', since: NOW - 3 * HOUR, detail: { grownBytes: 51 * MIB, quotaBytes: QUOTA } },
    ],
    ['noLeader', { masters: [master('m2'), master('m3')] }, { severity: 'warning' }],
    ['historyAway', { isHistoryUp: false }, { severity: 'error' }],
    ['watchBehind', { watchLagMs: 5001 }, { severity: 'warning', since: NOW - 5001, detail: { watchLagMs: 5001 } }],
    ['noWorker', { workers: [] }, { severity: 'error' }],
    [
      'noEligibleWorker',
      { jobsWithoutWorker: ['a', 'b'] },
      { severity: 'error', about: ['a', 'b'], detail: { jobs: 2 } },
    ],
    ['cursorInFuture', { jobsAhead: ['a'] }, { severity: 'error', about: ['a'], detail: { jobs: 1 } }],
    [
      'workerUnwell',
      { workers: [worker('w1'), worker('w2', {}, { state: 'unwell', clockOffsetMs: 2500 })] },
      { severity: 'error', about: ['w2'], detail: { clockOffsetMs: 2500 } },
    ],
    [
      'masterUnwell',
      { masters: [master('m1', { clockOffsetMs: -9000, isClockStopped: true })] },
      { severity: 'error', about: ['m1'] },
    ],
    [
      'clockOff',
      { workers: [worker('w1', {}, { clockOffsetMs: -1400 })], masters: [master('m1', { clockOffsetMs: 1100 })] },
      { severity: 'warning', about: ['w1', 'm1'], detail: { clockOffMs: 1400 } },
    ],
    [
      'workersLate',
      { workers: [worker('w1', { latenessP99Ms: 2001, latenessMaxMs: 2600 }), worker('w2')] },
      { severity: 'warning', about: ['w1'], detail: { latenessP99Ms: 2001, latenessMaxMs: 2600 } },
    ],
    [
      'loopStalls',
      { workers: [worker('w1', { loopStallMs: 201 }), worker('w2', { loopStallMs: 340, loopWaitMs: 310 })] },
      { severity: 'warning', about: ['w2', 'w1'], detail: { loopStallMs: 340, loopWaitMs: 310 } },
    ],
    [
      'loopStalls',
      { masters: [master('m1', { loopStallMs: 1001 })] },
      { about: ['m1'], detail: { loopStallMs: 1001 } },
    ],
    [
      'workersBehind',
      { workers: [worker('w1', { watchLagMs: 7200 })] },
      { severity: 'warning', about: ['w1'], detail: { watchLagMs: 7200 } },
    ],
    [
      'workerHistoryAway',
      { workers: [worker('w1', { historyAwaySince: NOW - 61_000 }), worker('w2', { historyAwaySince: NOW - HOUR })] },
      { severity: 'error', since: NOW - HOUR, about: ['w2', 'w1'] },
    ],
    [
      'spoolGrows',
      { workers: [worker('w1', { spoolBytes: 257 * MIB })] },
      { severity: 'warning', about: ['w1'], detail: { spoolBytes: 257 * MIB, limitBytes: 1024 * MIB } },
    ],
    ['spoolGrows', { workers: [worker('w1', { spoolBytes: 820 * MIB })] }, { severity: 'error' }],
    [
      'claimsRefused',
      { workers: [worker('w1', { claims: 100, refused: 3 })] },
      { severity: 'warning', about: ['w1'], detail: { claims: 100, refused: 3 } },
    ],
    ['mixedVersions', { masters: [master('m1'), master('m2', {}, { version: '0.2.0' })] }, { severity: 'warning' }],
    ['mixedTimeZones', { masters: [master('m1', {}, { tzVersion: '2026a' })] }, { severity: 'warning' }],
    ['mixedTimeZones', { workers: [worker('w1'), worker('w2', {}, { tzVersion: undefined })] }, {}],
  ])('is told: %s', (code, changes, expected) => {
    expect(findings(changes)).toMatchObject([{ code, ...expected }]);
  });

  it.each<[string, Partial<ClusterFacts>]>([
    ['a store at 80 % of its quota', store({ dbSizeBytes: 800 * MIB })],
    [
      'an embedded file without a quota',
      {
        store: {
          status: { ...STATUS, dbSizeBytes: 9000 * MIB, quotaBytes: undefined },
          kind: 'embedded',
          growth: undefined,
        },
      },
    ],
    ['a store that nobody compacts and that hardly grows', store({}, grown(50 * MIB))],
    ['one late fire of a hundred', { workers: [worker('w1', { latenessP99Ms: 2000, latenessMaxMs: 9000 })] }],
    ['a stall of 200 ms', { workers: [worker('w1', { loopStallMs: 200 })] }],
    ['a stall of a second on a master', { masters: [master('m1', { loopStallMs: 1000 })] }],
    ['a watch 5 s behind', { watchLagMs: 5000, workers: [worker('w1', { watchLagMs: 5000 })] }],
    ['a refusal of few claims', { workers: [worker('w1', { claims: 49, refused: 40 })] }],
    ['refusals of 2 %', { workers: [worker('w1', { claims: 100, refused: 2 })] }],
    ['history that was away for a minute', { workers: [worker('w1', { historyAwaySince: NOW - MINUTE })] }],
    ['a clock off by a second', { workers: [worker('w1', {}, { clockOffsetMs: -1000 })] }],
    ['a spool of 256 MiB', { workers: [worker('w1', { spoolBytes: 256 * MIB })] }],
    ['no leader known because the masters are not', { masters: [] }],
  ])('is not told of %s', (_what, changes) => {
    expect(codes(changes)).toEqual([]);
  });

  it('takes etcd to have its usual quota where it does not tell', () => {
    const status = { ...STATUS, quotaBytes: undefined, dbSizeBytes: 1700 * MIB };
    const [found] = findings({ store: { status, kind: 'etcd', growth: undefined } });
    expect(found).toMatchObject({ code: 'storeAlmostFull', detail: { quotaBytes: 2048 * MIB } });
  });

  it('says since when history is away, as the worker that felt it first knows', () => {
    const workers = [
      worker('w1', { historyAwaySince: NOW - 30_000 }),
      worker('w2', { historyAwaySince: NOW - 45_000 }),
    ];
    const [found, ...more] = findings({ isHistoryUp: false, workers });
    expect(found).toMatchObject({ code: 'historyAway', since: NOW - 45_000 });
    expect(found?.text.en).toContain('2026-01-01 11:59:15 UTC');
    expect(more).toEqual([]);
  });

  it('says nothing of a leader while the store is away', () => {
    const away = { store: { status: undefined, kind: 'etcd', growth: undefined } } as const;
    expect(codes({ ...away, masters: [master('m2')] })).toEqual(['storeAway']);
  });

  it('is told with the worst first', () => {
    const workers = [worker('w1', { loopStallMs: 900, latenessP99Ms: 3000 })];
    expect(codes({ workers, watchLagMs: 9000, jobsAhead: ['a'], isHistoryUp: false })).toEqual([
      ...['historyAway', 'cursorInFuture'],
      ...['watchBehind', 'loopStalls', 'workersLate'],
    ]);
  });

  it('names a few of many, and all of them for programs', () => {
    const workers = Array.from({ length: 5 }, (_, index) => worker(`w${index}`, { latenessP99Ms: 3000 + index }));
    const [found] = findings({ workers });
    expect(found?.about).toEqual(['w4', 'w3', 'w2', 'w1', 'w0']);
    expect(found?.text).toMatchObject({
      en: expect.stringContaining('on w4, w3, w2 and 2 more:'),
      zh: expect.stringContaining('w4、w3、w2 等 5 个节点'),
    });
  });
});
