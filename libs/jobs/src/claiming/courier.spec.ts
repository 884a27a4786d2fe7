import { type CoordinationStore, MemoryStore, put, type Settled, StoreRefused, type Transaction } from '@app/etcd';
import { ManualClock, StoreUnavailable, silentLog } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { Courier, NotDelivered } from './courier.js';

describe('the courier', () => {
  let clock: ManualClock;
  let store: MemoryStore;
  let requests: number[];
  /** What becomes of the next requests, before the store answers truly. */
  let faults: ((transactions: readonly Transaction[]) => Promise<readonly Settled[]>)[];
  let courier: Courier;
  const { signal } = new AbortController();

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryStore(clock);
    requests = [];
    faults = [];
    const faulty: Pick<CoordinationStore, 'transactAll'> = {
      transactAll: (transactions) => {
        requests.push(transactions.length);
        return (faults.shift() ?? ((all) => store.transactAll(all)))(transactions);
      },
    };
    courier = new Courier(faulty as CoordinationStore, clock, silentLog);
  });

  const once = (key: string): Transaction => ({
    compare: [{ key, field: 'createRevision', equals: 0 }],
    then: [put(key, 'x')],
  });
  const unknown = (transactions: readonly Transaction[]): readonly Settled[] =>
    transactions.map(() => ({ ok: false, error: new StoreUnavailable('transact', 'unknown') }));

  it('carries what is sent in one moment together, in few requests', async () => {
    const sent = Array.from({ length: 130 }, (_, index) => courier.send(once(`/k/${index}`), signal));
    const results = await Promise.all(sent);
    expect(requests).toEqual([64, 64, 2]);
    expect(results.every(({ succeeded }) => succeeded)).toBe(true);
  });

  it('sends again until there is an answer, which then says refused for what had been done', async () => {
    faults.push(async (all) => {
      await store.transactAll(all);
      return unknown(all);
    });
    faults.push(async (all) => unknown(all));
    const sent = courier.send(once('/k'), signal);
    await clock.advanceAsync(1000);
    expect((await sent).succeeded).toBe(false);
    expect(requests).toHaveLength(3);
    expect((await store.get('/k'))?.value.toString()).toBe('x');
  });

  it('counts what it sends by what it is for, and what got no answer', async () => {
    faults.push(async (all) => unknown(all));
    const sent = [
      courier.send(once('/a'), signal, 'claims'),
      courier.send(once('/b'), signal, 'claims'),
      courier.send(once('/c'), signal, 'deletes'),
      courier.send(once('/d'), signal),
    ];
    await clock.advanceAsync(1000);
    await Promise.all(sent);
    expect(courier.writes).toEqual({
      claims: { sent: 4, unanswered: 2 },
      finishes: { sent: 0, unanswered: 0 },
      deletes: { sent: 2, unanswered: 1 },
      other: { sent: 2, unanswered: 1 },
    });
    expect(courier.requests).toBe(2);
  });

  it('gives up what the store will never take, and harms no neighbour', async () => {
    faults.push(async (all) => [
      { ok: false, error: new StoreRefused('transact', 'too large') },
      ...(await store.transactAll(all.slice(1))),
    ]);
    const sent = [courier.send(once('/a'), signal), courier.send(once('/b'), signal)];
    await expect(sent[0]).rejects.toBeInstanceOf(NotDelivered);
    expect((await sent[1])?.succeeded).toBe(true);
  });

  it('stops asking when whoever asked has stopped', async () => {
    const stopping = new AbortController();
    faults.push(async (all) => unknown(all));
    const sent = courier.send(once('/k'), stopping.signal);
    const failed = expect(sent).rejects.toBeInstanceOf(NotDelivered);
    stopping.abort();
    await clock.advanceAsync(1000);
    await failed;
    await expect(courier.send(once('/k'), stopping.signal)).rejects.toBeInstanceOf(NotDelivered);
    expect(requests).toHaveLength(1);
  });
});
