import type { Attention, Cluster } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { headingOf, isAccountedFor } from './heading';

const warning = (code: string) => ({
  ...{ code, severity: 'warning' as const, message: code },
  text: { en: code, zh: code },
});
const trouble = (isRecovered: boolean) => ({ isRecovered }) as Attention['items'][number];
const cluster = (codes: readonly string[] = []): Cluster => ({
  masters: [],
  workers: [],
  store: { kind: 'etcd', isUp: true, alarms: [], members: [] },
  history: { kind: 'mongodb', isUp: true, waitingRecords: 0 },
  warnings: codes.map(warning),
});

describe('the heading', () => {
  it('says that all is well where nothing is wrong, or all was made good', () => {
    expect(headingOf(cluster(), { items: [] }, false)).toEqual({ state: 'well' });
    expect(headingOf(cluster(), { items: [trouble(true)] }, false)).toEqual({ state: 'well' });
  });

  it('counts what is wrong with the whole and with jobs', () => {
    const attention = { items: [trouble(false), trouble(true), trouble(false)] };
    expect(headingOf(cluster(['noLeader']), attention, false)).toEqual({ state: 'look', count: 3 });
  });

  it('never says that all is well before it knows', () => {
    expect(headingOf(undefined, { items: [] }, false)).toEqual({ state: 'wait' });
    expect(headingOf(cluster(), undefined, true)).toEqual({ state: 'unknown' });
  });
});

describe('every fire is accounted for', () => {
  it('where the stores answer and nothing waits', () => expect(isAccountedFor(cluster())).toBe(true));

  it.each([
    ['history is away', { ...cluster(), history: { kind: 'mongodb', isUp: false } as const }],
    ['records wait', { ...cluster(), history: { kind: 'mongodb', isUp: true, waitingRecords: 3 } as const }],
    ['the store is away', { ...cluster(), store: { ...cluster().store, isUp: false } }],
    ['nobody leads', cluster(['noLeader'])],
    ['this master lags', cluster(['watchBehind'])],
    ['records wait on the disk of a worker', cluster(['workerHistoryAway'])],
  ])('but not while %s', (_, state) => expect(isAccountedFor(state)).toBe(false));
});
