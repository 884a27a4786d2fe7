import type { Cluster } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { vitalRows } from './vital-rows';

const work = {
  ...{ fires: 9, latenessP99Ms: 31, latenessMaxMs: 40, claims: 9, refused: 0, writeRequests: 3 },
  ...{ watchLagMs: 4, loopStallMs: 12, loopWaitMs: 9, spoolBytes: 0 },
};
const worker = (id: string, facts: object = {}) => ({ id, ...facts }) as Cluster['workers'][number];
const master = (id: string, facts: object = {}) => ({ id, ...facts }) as Cluster['masters'][number];

describe('how the processes do', () => {
  it('is told of workers first, then of masters', () => {
    const vitals = { watchLagMs: 0, loopStallMs: 24, clockOffsetMs: 5, isClockStopped: false };
    expect(vitalRows([worker('w1', { clockOffsetMs: -3, vitals: work })], [master('m1', { vitals })])).toEqual([
      {
        key: 'worker w1',
        id: 'w1',
        kind: 'worker',
        loopStallMs: 12,
        loopWaitMs: 9,
        watchLagMs: 4,
        clockOffsetMs: -3,
        work,
      },
      { key: 'master m1', id: 'm1', kind: 'master', loopStallMs: 24, watchLagMs: 0, clockOffsetMs: 5, work: undefined },
    ]);
  });

  it('tells two of one name apart, and those that tell nothing', () => {
    const rows = vitalRows([worker('one')], [master('one')]);
    expect(rows?.map(({ key, loopStallMs }) => [key, loopStallMs])).toEqual([
      ['worker one', undefined],
      ['master one', undefined],
    ]);
  });

  it('is not known before the first answer', () => {
    expect(vitalRows(undefined, undefined)).toBeUndefined();
  });
});
