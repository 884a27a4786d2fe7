import { LeaseLost, ManualClock, StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, inWords } from '../contract/store-under-test.js';
import { MemoryStore } from '../memory/memory-store.js';
import { CoordinationStore, Settled, Transaction } from '../port/coordination-store.js';
import { del, put, transaction } from '../port/transaction.js';
import { LeaderElection, Term } from './leader-election.js';

const KEY = '/cron/master';

/** One candidate's connection to a store that all share. */
function connectionTo(store: MemoryStore, fault: { isAway: boolean; losesAnswers: boolean }): CoordinationStore {
  const away = (): never => {
    throw new StoreUnavailable('call', 'unknown');
  };
  return new Proxy(store, {
    get(target, name: keyof CoordinationStore) {
      const method = (target[name] as (...args: unknown[]) => unknown).bind(target);
      if (name === 'transactAll') {
        return async (transactions: readonly Transaction[]): Promise<readonly Settled[]> => {
          const lost = transactions.map(() => ({ ok: false as const, error: new StoreUnavailable('t', 'unknown') }));
          if (fault.isAway) return lost;
          const settled = await target.transactAll(transactions);
          return fault.losesAnswers ? lost : settled;
        };
      }
      if (name === 'watch') return method;
      return async (...args: unknown[]) => (fault.isAway ? away() : method(...args));
    },
  });
}

describe('LeaderElection', () => {
  let clock: ManualClock;
  let store: MemoryStore;
  let candidates: Candidate[];

  interface Candidate {
    readonly election: LeaderElection;
    readonly fault: { isAway: boolean; losesAnswers: boolean };
    readonly terms: Term[];
    deposed: number;
  }

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryStore(clock);
    candidates = [];
  });

  afterEach(async () => {
    const closed = Promise.all(candidates.map(({ election }) => election.close()));
    await clock.advanceAsync(20_000);
    await closed;
    await store.close();
    expect(clock.pendingTimers).toBe(0);
  });

  function candidate(name: string): Candidate {
    const fault = { isAway: false, losesAnswers: false };
    const one: Candidate = {
      fault,
      terms: [],
      deposed: 0,
      election: new LeaderElection({
        store: connectionTo(store, fault),
        clock,
        log: silentLog,
        key: KEY,
        value: name,
        onElected: (term) => one.terms.push(term),
        onDeposed: () => {
          one.deposed++;
        },
      }),
    };
    candidates.push(one);
    one.election.start();
    return one;
  }

  function leaders(): number[] {
    return candidates.flatMap(({ election }, index) => (election.isLeader() ? [index] : []));
  }

  it('makes exactly one of many candidates leader, and keeps it', async () => {
    for (const name of ['a', 'b', 'c', 'd']) candidate(name);
    await clock.advanceAsync(100);
    expect(leaders()).toEqual([0]);
    expect((await store.get(KEY))!.value.toString()).toBe('a');
    await clock.advanceAsync(600_000);
    expect(leaders()).toEqual([0]);
    expect(candidates[0]!.terms).toHaveLength(1);
  });

  it('lets another lead at once when the leader resigns', async () => {
    const [first, second] = [candidate('a'), candidate('b')];
    await clock.advanceAsync(100);
    await first.election.close();
    await clock.advanceAsync(1);
    expect(leaders()).toEqual([1]);
    expect(first.terms[0]!.signal.aborted).toBe(true);
    expect(second.terms[0]!.fence).toBeGreaterThan(first.terms[0]!.fence);
  });

  it('never has two leaders while one is cut off: the old one ends before the new one begins', async () => {
    const [first, second] = [candidate('a'), candidate('b')];
    await clock.advanceAsync(100);
    first.fault.isAway = true;
    let seenNone = 0;
    for (let step = 0; step < 200; step++) {
      await clock.advanceAsync(100);
      expect(leaders().length).toBeLessThanOrEqual(1);
      if (leaders().length === 0) seenNone++;
    }
    expect(leaders()).toEqual([1]);
    expect(seenNone).toBeGreaterThan(0);
    expect(first.deposed).toBe(1);
    first.fault.isAway = false;
    await clock.advanceAsync(60_000);
    expect(leaders()).toEqual([1]);
    expect(second.deposed).toBe(0);
  });

  it('leads again with the same fence after a silence shorter than its lease', async () => {
    const first = candidate('a');
    await clock.advanceAsync(100);
    first.fault.isAway = true;
    await clock.advanceAsync(8_500);
    expect(leaders()).toEqual([]);
    first.fault.isAway = false;
    await clock.advanceAsync(1_000);
    expect(leaders()).toEqual([0]);
    expect(first.terms.map((term) => term.fence)).toEqual([first.terms[0]!.fence, first.terms[0]!.fence]);
  });

  it('recognises its own key when the answer to its election was lost', async () => {
    const first = candidate('a');
    first.fault.losesAnswers = true;
    await clock.advanceAsync(500);
    expect(await store.get(KEY)).toBeDefined();
    expect(leaders()).toEqual([]);
    first.fault.losesAnswers = false;
    await clock.advanceAsync(1_000);
    expect(leaders()).toEqual([0]);
  });

  it('is deposed when somebody deletes the key, and stands again', async () => {
    const first = candidate('a');
    await clock.advanceAsync(100);
    await act(store, del(KEY));
    await clock.advanceAsync(100);
    expect(first.terms).toHaveLength(2);
    expect(first.terms[0]!.signal.reason).toBeInstanceOf(LeaseLost);
    expect(leaders()).toEqual([0]);
  });

  it('is not disturbed by keys whose names begin like its own', async () => {
    const first = candidate('a');
    await clock.advanceAsync(100);
    const { revision } = await store.status();
    for (let index = 0; index < 100; index++) await act(store, put(`${KEY}s/${index}`, 'x'));
    await clock.advanceAsync(9_000);
    expect((await store.status()).revision).toBe(revision + 100);
    expect(first.terms).toHaveLength(1);
  });

  it('fences what it writes: a transaction of an earlier leader is refused', async () => {
    const [first, second] = [candidate('a'), candidate('b')];
    await clock.advanceAsync(100);
    const stale = first.election.fenceCompare();
    expect(inWords(await store.transactAll([transaction([stale], [put('/x', '1')])]))).toEqual(['done']);
    await first.election.close();
    await clock.advanceAsync(1);
    const settled = await store.transactAll([
      transaction([stale], [put('/x', '2')]),
      transaction([second.election.fenceCompare()], [put('/y', '2')]),
    ]);
    expect(inWords(settled)).toEqual(['refused', 'done']);
    expect(() => first.election.fenceCompare()).toThrow(LeaseLost);
  });

  it('waits for a store that is away from the beginning', async () => {
    const fault = candidate('a').fault;
    fault.isAway = true;
    await clock.advanceAsync(30_000);
    expect(leaders()).toEqual([]);
    fault.isAway = false;
    await clock.advanceAsync(2_000);
    expect(leaders()).toEqual([0]);
  });
});
