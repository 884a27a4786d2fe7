import { StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endOf, entryOf, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import type { LastWords } from '../running/run-host.js';
import type { RunEntry, SessionRef } from '../store/run-entry.js';
import { speakLastWords } from './last-words.js';

describe('last words', () => {
  let room: JobsFixture;
  let session: SessionRef;
  let jobGeneration: number;

  beforeEach(async () => {
    room = new JobsFixture();
    session = await room.join('w1');
    jobGeneration = (await room.putJob({ name: 'tick', onLost: 'retry', successExitCodes: [0, 3] })).createRevision;
  });

  afterEach(() => room.close());

  const claim = (runId: string, changes: Partial<RunEntry> = {}): Promise<number> =>
    room.putRun(entryOf({ ...session, runId, jobGeneration, ...changes }));
  const wordsOf = (changes: Partial<LastWords> = {}): LastWords => ({
    session: session.session,
    workerId: 'w1',
    proven: true,
    isWhole: true,
    runs: [],
    ...changes,
  });
  const speak = (words: LastWords) =>
    speakLastWords(room.store, room.keys, room.clock, silentLog, words, room.stopping.signal);
  const testimony = (runId: string, state: 'ended' | 'killed' | 'mayHaveStarted', exitCode?: number) => ({
    runId,
    jobName: 'tick',
    session: session.session,
    state,
    ...(exitCode === undefined ? {} : { end: endOf({ runId, exitCode }) }),
  });

  it('end the session first, then each of its runs by what is known of it', async () => {
    await claim('well', { lockSlot: 0 });
    await claim('killed');
    await claim('unknown');
    const order: string[] = [];
    const revoke = vi.spyOn(room.store, 'revokeLease').mockImplementation(async () => void order.push('revoke'));
    const range = room.store.range.bind(room.store);
    vi.spyOn(room.store, 'range').mockImplementation((...asked) => {
      order.push('read');
      return range(...asked);
    });
    const runs = [testimony('well', 'ended', 3), testimony('killed', 'killed')];
    const ended = await speak(wordsOf({ runs }));
    expect(revoke).toHaveBeenCalledWith(session.session);
    expect(order).toEqual(['revoke', 'read']);
    expect(Object.fromEntries(ended.map(({ stored, result }) => [stored.entry.runId, result]))).toMatchObject({
      well: { status: 'succeeded', exitCode: 3, output: 'out' },
      killed: { status: 'lost', reason: 'workerDied' },
      unknown: { status: 'missed', reason: 'notStarted: worker died', endTime: START },
    });
    for (const { stored } of ended) {
      expect(await room.runOf('tick', stored.entry.runId)).toEqual(stored.entry);
    }
    expect(await room.has(room.keys.lock('tick'))).toBe(false);
    expect(await room.requestsOf('tick')).toMatchObject([{ rootRunId: 'killed', trigger: 'retry' }]);
  });

  it('take nothing as never started where a journal had to forget some', async () => {
    await claim('unknown');
    const [ended] = await speak(wordsOf({ isWhole: false }));
    expect(ended?.result).toMatchObject({ status: 'lost', reason: 'workerDied' });
  });

  it('say nothing without proof', async () => {
    await claim('run-1', { lockSlot: 0 });
    const runs = [testimony('run-1', 'ended', 0)];
    expect(await speak(wordsOf({ proven: false, runs }))).toEqual([]);
    expect(await room.has(room.keys.worker('w1'))).toBe(true);
    expect(await room.runOf('tick', 'run-1')).toMatchObject({ state: 'claimed' });
  });

  it('say nothing of other sessions, other workers, and what had ended', async () => {
    await claim('another', { session: 'other' });
    await claim('foreign', { worker: 'w2' });
    await claim('over', { state: 'finished', result: { status: 'succeeded' } });
    expect(await speak(wordsOf())).toEqual([]);
    expect(await room.has(room.keys.worker('w1'))).toBe(false);
    expect((await room.runsOf('tick')).map(({ state }) => state)).toEqual(['claimed', 'claimed', 'finished']);
  });

  it('are said of the others where the store will never take the end of one', async () => {
    for (const runId of ['poison', 'well']) await claim(runId);
    room.refuse(room.keys.run('tick', 'poison'));
    expect((await speak(wordsOf())).map(({ stored }) => stored.entry.runId)).toEqual(['well']);
  });

  it.each(['revokeLease', 'range', 'get'] as const)(
    'are said again where the store does not answer to %s',
    async (call) => {
      await claim('run-1');
      const away = vi.spyOn(room.store, call).mockRejectedValueOnce(new StoreUnavailable(call, 'unknown'));
      const speaking = speak(wordsOf());
      await room.clock.advanceUntil(() => away.mock.calls.length > 1);
      expect(await speaking).toMatchObject([{ result: { status: 'missed' } }]);
      expect(await room.has(room.keys.worker('w1'))).toBe(false);
    },
  );

  it('are given up when it is time to stop', async () => {
    vi.spyOn(room.store, 'revokeLease').mockRejectedValue(new StoreUnavailable('revoke', 'unknown'));
    const speaking = speak(wordsOf());
    speaking.catch(() => {});
    await room.clock.advanceAsync(5_000);
    room.stopping.abort();
    await expect(speaking).rejects.toThrow(StoreUnavailable);
  });

  it('may be repeated', async () => {
    await claim('run-1');
    expect(await speak(wordsOf())).toHaveLength(1);
    expect(await speak(wordsOf())).toEqual([]);
  });

  it.each([
    ['is gone', async () => room.delete(room.keys.job('tick'))],
    [
      'is another one of the name',
      async () => {
        await room.delete(room.keys.job('tick'));
        await room.putJob({ name: 'tick', onLost: 'retry', successExitCodes: [3] });
      },
    ],
  ])('put no next attempt, and judge by plain rules, when the job %s', async (_what, change) => {
    await claim('well');
    await claim('killed');
    await change();
    const ended = await speak(wordsOf({ runs: [testimony('well', 'ended', 3), testimony('killed', 'killed')] }));
    expect(ended.map(({ result }) => result.status).sort()).toEqual(['failed', 'lost']);
    expect(await room.requestsOf('tick')).toEqual([]);
  });
});
