import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, JobsFixture } from '../../../../test/support/jobs-fixture.js';
import type { StoredRun } from '../claiming/run-writes.js';
import type { Receipt, RunRecorder } from '../running/run-recorder.js';
import { Delivery } from './delivery.js';
import { runsOfEntry } from './runs-of-entry.js';

/** History that acknowledges when the test says so. */
class SlowHistory implements RunRecorder {
  readonly store: (() => void)[] = [];
  readonly spool: (() => void)[] = [];
  readonly refuse: (() => void)[] = [];

  record(): Receipt {
    const spooled = new Promise<void>((resolve, reject) => {
      this.spool.push(resolve);
      this.refuse.push(() => reject(new Error('disk full')));
    });
    spooled.catch(() => undefined);
    return { stored: new Promise((resolve) => this.store.push(resolve)), spooled };
  }
}

describe('the delivery of decisions to history', () => {
  let room: JobsFixture;
  let history: SlowHistory;
  let delivery: Delivery;
  let done: string[];

  const make = (maxUndelivered?: number): Delivery => {
    const { keys, clock, courier, stopping } = room;
    return new Delivery(keys, clock, silentLog, courier, history, stopping.signal, maxUndelivered);
  };

  beforeEach(() => {
    room = new JobsFixture();
    history = new SlowHistory();
    delivery = make();
    done = [];
  });

  afterEach(() => room.close());

  const deliver = async (runId: string, gap: StoredRun['entry']['gap'] = []): Promise<void> => {
    const entry = entryOf({ runId, gap, state: 'finished', result: { status: 'succeeded' } });
    const modRevision = await room.putRun(entry);
    delivery.deliver({ entry, modRevision }, runsOfEntry(entry), () => done.push(runId));
  };
  const standing = async (): Promise<string[]> => (await room.runsOf('tick')).map(({ runId }) => runId);

  it('forgets a decision in the store only after history has it', async () => {
    await deliver('a');
    history.spool[0]?.();
    await room.clock.advanceAsync(3_600_000);
    expect(await standing()).toEqual(['a']);
    expect(delivery.undelivered).toBe(1);
    history.store[0]?.();
    await room.clock.advanceAsync(250);
    expect(await standing()).toEqual([]);
    expect({ done, undelivered: delivery.undelivered }).toEqual({ done: ['a'], undelivered: 0 });
  });

  it('forgets it only after history has all its records', async () => {
    await deliver('a', [{ from: 1, to: 2, count: 2, status: 'missed', reason: 'deadline' }]);
    history.store[1]?.();
    await room.clock.advanceAsync(1000);
    expect(await standing()).toEqual(['a']);
    history.store[0]?.();
    await room.clock.advanceAsync(250);
    expect(await standing()).toEqual([]);
  });

  it('forgets those of a moment together, or at once when told to', async () => {
    for (const id of ['a', 'b', 'c']) await deliver(id);
    for (const store of history.store) store();
    await room.clock.advanceAsync(249);
    expect(await standing()).toHaveLength(3);
    const { requests } = room.courier;
    delivery.flush();
    await room.settle();
    expect(await standing()).toEqual([]);
    expect(room.courier.requests).toBe(requests + 1);
    expect(room.clock.pendingTimers).toBe(0);
  });

  it('leaves one that changed meanwhile to whoever changed it', async () => {
    await deliver('a');
    await room.putRun(entryOf({ runId: 'a', state: 'finished', result: { status: 'lost' } }));
    history.store[0]?.();
    await room.clock.advanceAsync(250);
    expect(await standing()).toEqual(['a']);
    expect(done).toEqual(['a']);
  });

  it('past its limit forgets what is safe on this disk, and only that', async () => {
    delivery = make(1);
    for (const id of ['a', 'b', 'c']) await deliver(id);
    for (const spool of history.spool.slice(0, 2)) spool();
    await room.clock.advanceAsync(250);
    // The first was within the limit, the last is not on the disk yet.
    expect(await standing()).toEqual(['a', 'c']);
    history.store[2]?.();
    await room.clock.advanceAsync(250);
    expect(await standing()).toEqual(['a']);
  });

  it('past its limit still waits for history where the disk refuses a record', async () => {
    delivery = make(0);
    await deliver('a');
    history.refuse[0]?.();
    await room.clock.advanceAsync(250);
    expect({ standing: await standing(), done }).toEqual({ standing: ['a'], done: [] });
    history.store[0]?.();
    await room.clock.advanceAsync(250);
    expect({ standing: await standing(), done }).toEqual({ standing: [], done: ['a'] });
  });

  it('leaves a decision in the store that nobody else takes', async () => {
    room.recorder.mode = 'refused';
    const entry = entryOf({ state: 'finished', result: { status: 'succeeded' } });
    const modRevision = await room.putRun(entry);
    room.delivery.deliver({ entry, modRevision }, runsOfEntry(entry), () => done.push('run-1'));
    await room.clock.advanceAsync(1000);
    expect(await standing()).toEqual(['run-1']);
    expect({ done, undelivered: room.delivery.undelivered }).toEqual({ done: ['run-1'], undelivered: 0 });
  });

  it('leaves them for the next one to deliver when it is stopped', async () => {
    await deliver('a');
    history.store[0]?.();
    room.stopping.abort();
    await room.clock.advanceAsync(250);
    expect(await standing()).toEqual(['a']);
    expect(done).toEqual(['a']);
  });
});
