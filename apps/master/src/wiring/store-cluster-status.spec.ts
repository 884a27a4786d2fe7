import { writeCursor } from '@app/jobs';
import { EmbeddedHistory, LogSink } from '@app/logs';
import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { MirroredWorkers } from '../live/mirrored-workers.js';
import { FutureCursors } from './future-cursors.js';
import { StoreClusterStatus } from './store-cluster-status.js';

const MINUTE = 60_000;

describe('the health of the whole', () => {
  let room: JobsFixture;
  let history: EmbeddedHistory;
  let workers: MirroredWorkers;
  let status: StoreClusterStatus;

  beforeEach(async () => {
    room = new JobsFixture();
    await room.start();
    const { store, keys, clock, registry, fleet } = room;
    history = new EmbeddedHistory(':memory:');
    workers = new MirroredWorkers(store, keys, clock, silentLog);
    await workers.start();
    const sink = { stats: () => ({ waitingRecords: 0 }) } as LogSink;
    const cursors = new FutureCursors(store, keys, registry, clock);
    const kinds = { store: 'memory', history: 'embedded' } as const;
    status = new StoreClusterStatus(store, keys, history, sink, registry, fleet, workers, cursors, kinds);
  });
  afterEach(async () => {
    workers.close();
    await history.close();
    await room.close();
  });

  const warnings = async () => (await status.read()).warnings;
  const texts = async () => (await warnings()).map(({ code, text }) => `${code}: ${text.en}`);
  const cursor = async (name: string, at: number) => {
    const { createRevision: generation, fingerprint } = await room.putJob({ name, cronExpr: '0 * * * *' });
    await room.put(room.keys.cursor(name), writeCursor({ at, generation, fingerprint, runs: 0, resets: 0 }));
  };

  it('is well with a worker and all stores up', async () => {
    await room.join('w1');
    await cursor('tick', START);
    expect(await texts()).toEqual([]);
  });

  it('names what is not well, in both languages', async () => {
    await history.close();
    expect(await texts()).toEqual([
      'historyAway: History does not answer: records wait and arrive later.',
      'noWorker: No worker is up: nothing runs.',
    ]);
    for (const { text } of await warnings()) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
    }
  });

  it('names jobs that no worker may run', async () => {
    await room.join('w1');
    await room.putJob({ name: 'tick', cronExpr: '* * * * *', group: 'edge' });
    expect(await texts()).toEqual(['noEligibleWorker: No worker may run tick: look at their group and selector.']);
  });

  it('names jobs whose cursor is in the future, within a minute', async () => {
    await room.join('w1');
    await cursor('soon', START + MINUTE);
    for (const name of ['a', 'b', 'c', 'd']) {
      await cursor(name, START + MINUTE + 1);
    }
    await room.put(room.keys.cursor('deleted'), writeCursor({ ...DELETED, at: START + 9 * MINUTE }));
    expect(await texts()).toEqual([expect.stringMatching(/^cursorInFuture: .*a, b, c and 1 more/)]);

    await cursor('e', START + 9 * MINUTE);
    expect(await texts()).toEqual([expect.stringContaining('1 more')]);
    await room.clock.advanceAsync(MINUTE);
    await expect.poll(texts).toEqual([expect.stringMatching(/^cursorInFuture: .* e /)]);
  });
});

const DELETED = { generation: 1, fingerprint: '', runs: 0, resets: 0, deleted: true } as const;
