import { StoreRefused, type Transaction } from '@app/etcd';
import { StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { definitionOf, entryOf, type JobFields, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import type { RunEntry, SessionRef } from '../store/run-entry.js';
import { LiveRun } from './live-run.js';
import { RunWriter } from './run-writer.js';

const failed = {
  status: 'failed',
  reason: 'exit: 2',
  exitCode: 2,
  output: 'much',
  err: 'more',
  outputBytes: 8,
} as const;
const kill = { by: 'ann', why: 'stuck', at: START };
const again = { retry: { limit: 1, delaySeconds: 5 } };

describe('the writer of runs', () => {
  let room: JobsFixture;
  let writer: RunWriter;
  let session: SessionRef;
  let isThere: boolean;
  let isStill: boolean;

  beforeEach(async () => {
    room = new JobsFixture();
    isThere = true;
    isStill = true;
    const { keys, clock, courier, stopping } = room;
    writer = new RunWriter(
      keys,
      clock,
      silentLog,
      courier,
      () => isThere,
      () => isStill,
      stopping.signal,
    );
    session = await room.join('w1');
  });

  afterEach(() => room.close());

  /** A run of ours as the store has it. */
  const live = async (fields: Partial<JobFields> = {}, changes: Partial<RunEntry> = {}): Promise<LiveRun> => {
    const { createRevision: jobGeneration } = await room.putJob({ name: 'tick', ...fields });
    const entry = entryOf({ ...session, lockSlot: 0, jobGeneration, ...changes });
    const modRevision = await room.putRun(entry);
    const definition = definitionOf({ name: 'tick', ...fields }, jobGeneration);
    return new LiveRun({ entry, modRevision }, modRevision, definition);
  };
  const finish = async (run: LiveRun) => {
    const end = writer.finish(run, failed);
    await room.clock.advanceAsync(5000);
    return end;
  };
  const stored = () => room.runOf('tick', 'run-1');
  /** The store does what it is asked once, and its answer is lost. */
  const loseAnswer = (): void => {
    const transactAll = room.store.transactAll.bind(room.store);
    vi.spyOn(room.store, 'transactAll').mockImplementationOnce(async (asked) => {
      await transactAll(asked);
      return asked.map(() => ({ ok: false as const, error: new StoreUnavailable('test', 'unknown') }));
    });
  };

  describe('that rewrites', () => {
    it('puts what is known by then, one write after the other', async () => {
      const run = await live();
      run.note({ state: 'running', pid: 7 });
      const first = writer.rewrite(run);
      run.note({ kill });
      const second = writer.rewrite(run);
      expect([await first, await second]).toEqual(['written', 'written']);
      expect(await stored()).toMatchObject({ state: 'running', pid: 7, kill });
      expect(run.modRevision).toBe((await room.store.get(room.keys.run('tick', 'run-1')))?.modRevision);
    });

    it('takes over a kill that somebody marked meanwhile', async () => {
      const run = await live();
      await room.putRun({ ...run.entry, kill });
      run.note({ state: 'running', pid: 7 });
      const written = writer.rewrite(run);
      await room.clock.advanceAsync(10);
      expect(await written).toBe('written');
      expect(run.kill).toEqual(kill);
      expect(await stored()).toMatchObject({ state: 'running', pid: 7, kill });
    });

    it('keeps its own kill where another stands', async () => {
      const run = await live();
      await room.putRun({ ...run.entry, kill: { ...kill, by: 'bob' } });
      run.note({ kill });
      const written = writer.rewrite(run);
      await room.clock.advanceAsync(10);
      await written;
      expect(await stored()).toMatchObject({ kill });
    });

    it('recognises its own write whose answer was lost', async () => {
      const run = await live();
      run.note({ state: 'running' });
      loseAnswer();
      const written = writer.rewrite(run);
      await room.clock.advanceAsync(200);
      expect(await written).toBe('written');
      const found = await room.store.get(room.keys.run('tick', 'run-1'));
      expect(run.modRevision).toBe(found?.modRevision);
    });

    it.each<[string, (run: LiveRun) => Promise<unknown>]>([
      ['ended', (run) => room.putRun({ ...run.entry, state: 'finished', result: { status: 'lost' } })],
      ['forgotten', () => room.delete(room.keys.run('tick', 'run-1'))],
      ['written over with garbage', () => room.put(room.keys.run('tick', 'run-1'), 'garbage')],
    ])('is told that it is no longer its own: %s', async (_what, change) => {
      const run = await live();
      await change(run);
      expect(await writer.rewrite(run)).toBe('disowned');
      expect(await finish(run)).toBe('disowned');
    });
  });

  describe('that ends a run', () => {
    it('puts the result without its output, frees the lock and puts the next attempt, all at one revision', async () => {
      const run = await live(again);
      expect(await finish(run)).toBe('written');
      const entry = await stored();
      expect(entry).toMatchObject({ state: 'finished', result: { status: 'failed', exitCode: 2, outputBytes: 8 } });
      expect(entry?.result).not.toHaveProperty('output');
      expect(entry?.result).not.toHaveProperty('err');
      expect(await room.has(room.keys.lock('tick'))).toBe(false);
      expect(await room.requestsOf('tick')).toMatchObject([
        { trigger: 'retry', attempt: 2, rootRunId: 'run-1', notBefore: START + 20 + 5000 },
      ]);
      const [request] = (await room.store.range(room.keys.requests)).entries;
      expect(request?.modRevision).toBe(run.modRevision);
    });

    it('recognises its own end whose answer was lost: one next attempt', async () => {
      const run = await live(again);
      loseAnswer();
      expect(await finish(run)).toBe('written');
      expect(await room.requestsOf('tick')).toHaveLength(1);
    });

    it('puts no next attempt under a kill that came in the same moment', async () => {
      const run = await live(again);
      await room.putRun({ ...run.entry, kill });
      expect(await finish(run)).toBe('written');
      expect(await stored()).toMatchObject({ state: 'finished', kill });
      expect(await room.requestsOf('tick')).toEqual([]);
    });

    it.each([
      ['as it knows', true],
      ['as the store alone knows by then', false],
    ])('puts no next attempt of a job that is gone, %s', async (_what, isKnown) => {
      const run = await live(again);
      await room.delete(room.keys.job('tick'));
      isThere = !isKnown;
      const end = writer.finish(run, failed);
      await room.clock.advanceAsync(100);
      isThere = false;
      await room.clock.advanceAsync(1000);
      expect(await end).toBe('written');
      expect(await stored()).toMatchObject({ state: 'finished' });
      expect(await room.requestsOf('tick')).toEqual([]);
    });

    it('collects ends for 20 ms, and for 250 ms while more than twenty end in a second', async () => {
      const run = await live();
      const slow: string[] = [];
      void writer.finish(run, failed).then(() => slow.push('first'));
      await room.clock.advanceAsync(19);
      expect(slow).toEqual([]);
      await room.clock.advanceAsync(1);
      expect(slow).toEqual(['first']);

      const others = await Promise.all(Array.from({ length: 25 }, (_, index) => live({}, { runId: `r${index}` })));
      for (const other of others) void writer.finish(other, failed).then(() => slow.push(other.id));
      await room.clock.advanceAsync(20);
      expect(slow).toHaveLength(26);
      const { requests } = room.courier;
      const late = await live({}, { runId: 'late' });
      void writer.finish(late, failed).then(() => slow.push('late'));
      await room.clock.advanceAsync(249);
      expect(slow).toHaveLength(26);
      await room.clock.advanceAsync(1);
      expect(slow).toHaveLength(27);
      expect(room.courier.requests).toBe(requests + 1);
    });

    it('hurries when somebody waits for the lock', async () => {
      const end = writer.finish(await live(), failed);
      writer.hurry();
      expect(await end).toBe('written');
      expect(room.clock.monotonic()).toBe(0);
    });

    it('tries again each second when the store refuses it', async () => {
      const run = await live();
      const refuse = async (asked: readonly Transaction[]) =>
        asked.map(() => ({ ok: false as const, error: new StoreRefused('transact', 'too large') }));
      vi.spyOn(room.store, 'transactAll').mockImplementationOnce(refuse).mockImplementationOnce(refuse);
      const end = writer.finish(run, failed);
      await room.clock.advanceAsync(1500);
      expect(await stored()).toMatchObject({ state: 'claimed' });
      await room.clock.advanceAsync(1000);
      expect(await end).toBe('written');
    });

    it('waits for a store that is away, until the worker stops', async () => {
      const run = await live();
      await room.store.close();
      const end = writer.finish(run, failed);
      await room.clock.advanceAsync(60_000);
      room.stopping.abort();
      await room.clock.advanceAsync(1000);
      expect(await end).toBe('stopped');
    });
  });

  describe('that binds a run to a new session', () => {
    const renew = async (): Promise<SessionRef> => {
      await room.store.revokeLease(session.session);
      return room.join('w1');
    };
    const rebind = async (run: LiveRun, to: SessionRef) => {
      const bound = writer.rebind(run, to);
      await room.clock.advanceAsync(1000);
      return bound;
    };

    it('moves the run and its lock', async () => {
      const run = await live();
      const next = await renew();
      expect(await rebind(run, next)).toBe('bound');
      expect(await stored()).toMatchObject({ ...next, state: 'claimed' });
      const lock = await room.store.get(room.keys.lock('tick'));
      expect(JSON.parse(lock?.value.toString() ?? '')).toMatchObject({ ...next, runId: 'run-1' });
      expect({ lock: lock?.modRevision, run: run.lockRevision }).toEqual({
        lock: run.modRevision,
        run: run.modRevision,
      });
    });

    it('does so under a kill that came meanwhile', async () => {
      const run = await live();
      await room.putRun({ ...run.entry, kill });
      const next = await renew();
      expect(await rebind(run, next)).toBe('bound');
      expect(await stored()).toMatchObject({ ...next, kill });
    });

    it('is told of one that was declared lost', async () => {
      const run = await live();
      await room.putRun({ ...run.entry, state: 'finished', result: { status: 'lost' } });
      expect(await rebind(run, await renew())).toBe('disowned');
      expect(await stored()).toMatchObject({ session: session.session, result: { status: 'lost' } });
    });

    it('stops when that session is gone again', async () => {
      const run = await live();
      const next = await renew();
      await room.store.revokeLease(next.session);
      isStill = false;
      expect(await rebind(run, next)).toBe('stopped');
      expect(await stored()).toMatchObject({ session: session.session });
    });
  });
});
