import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  definitionOf,
  endOf,
  entryOf,
  FakeHost,
  type JobFields,
  JobsFixture,
  START,
} from '../../../../test/support/jobs-fixture.js';
import { jitterMs } from '../job/schedule-of.js';
import { fenceOf } from '../policy/run-id.js';
import type { JobDefinition } from '../registry/job-definition.js';
import type { KillOrder } from '../store/kill-order.js';
import type { RunEntry, SessionRef } from '../store/run-entry.js';
import type { StartOrder } from './run-host.js';
import { RunKeeper } from './run-keeper.js';
import { RunWriter } from './run-writer.js';

const stuck = { by: 'ann', why: 'stuck' };

describe('the keeper of runs', () => {
  let room: JobsFixture;
  let host: FakeHost;
  let keeper: RunKeeper;
  let session: SessionRef;
  let killOrder: KillOrder | undefined;
  let told: string[];
  let latenesses: number[];
  let refusals: string[];
  let cannotStart: string | undefined;
  let startUntilBootMs: number;
  let mayStart: boolean;
  let lives: SessionRef;
  let current: JobDefinition | undefined;

  beforeEach(async () => {
    room = new JobsFixture();
    host = new FakeHost();
    told = [];
    latenesses = [];
    refusals = [];
    killOrder = undefined;
    cannotStart = undefined;
    startUntilBootMs = 1_008_000;
    mayStart = true;
    const { keys, clock, courier, delivery, recorder, stopping } = room;
    const always = (): boolean => true;
    const writer = new RunWriter(keys, clock, silentLog, courier, always, always, stopping.signal);
    const buildOrder = (_: JobDefinition, entry: RunEntry, context: object): StartOrder => {
      if (cannotStart) throw new Error(cannotStart);
      return { runId: entry.runId, session: entry.session, ...context } as unknown as StartOrder;
    };
    keeper = new RunKeeper(
      2,
      clock,
      silentLog,
      host,
      writer,
      delivery,
      recorder,
      buildOrder,
      {
        startUntilBootMs: () => startUntilBootMs,
        mayStart: () => mayStart,
        session: () => lives,
        definition: () => current,
        killFor: () => killOrder && { order: killOrder, at: START },
        lockFreed: (jobName) => told.push(`lock of ${jobName}`),
        slotFreed: () => told.push('slot'),
        firedLate: (latenessMs) => latenesses.push(latenessMs),
        startRefused: ({ why }) => refusals.push(why),
        unable: (reason) => refusals.push(reason),
        output: (entry, piece) => told.push(`${entry.runId}: ${piece.data}`),
        epoch: () => 3,
      },
      '10.0.0.1',
    );
    session = await room.join('w1');
    lives = session;
    current = definitionOf({ name: 'tick' });
  });

  afterEach(() => room.close());

  /** A run that this worker has just claimed. */
  const claim = async (changes: Partial<RunEntry> = {}, fields: Partial<JobFields> = {}) => {
    const entry = entryOf({ ...session, lockSlot: 0, ...changes });
    const modRevision = await room.putRun(entry);
    return [{ entry, modRevision }, modRevision, definitionOf({ name: 'tick', ...fields })] as const;
  };
  const take = async (changes: Partial<RunEntry> = {}, fields: Partial<JobFields> = {}): Promise<number> => {
    const claimed = await claim(changes, fields);
    keeper.take(...claimed);
    return claimed[1];
  };
  const stored = (runId = 'run-1') => room.runOf('tick', runId);

  it('starts what was claimed, with its fence and no later than the session allows', async () => {
    const revision = await take();
    expect(host.started).toMatchObject([
      { runId: 'run-1', session: session.session, fence: fenceOf(3, revision), notAfterBootMs: 1_008_000 },
    ]);
    expect([keeper.size, keeper.usedSlots, keeper.knows('run-1')]).toEqual([1, 1, true]);
  });

  it('starts a fire no later than its job wants it, where that wants no late one', async () => {
    room.clock.advance(3000);
    const fire = { trigger: 'schedule', scheduledTime: START } as const;
    await take(fire, { misfirePolicy: 'skip', startingDeadlineSeconds: 5 });
    expect(host.started.at(-1)).toMatchObject({ notAfterBootMs: room.clock.boot() + 2000 });
    await take({ ...fire, runId: 'run-2' }, { misfirePolicy: 'runOnce', startingDeadlineSeconds: 5 });
    await take({ ...fire, runId: 'run-3', trigger: 'manual' }, { misfirePolicy: 'skip', startingDeadlineSeconds: 5 });
    expect(host.started.slice(1).map(({ notAfterBootMs }) => notAfterBootMs)).toEqual([1_008_000, 1_008_000]);
  });

  it('tells how late a scheduled fire was started, jitter counted, and of no other run', async () => {
    await take();
    host.told.started('run-1', 7, START + 31);
    expect(latenesses).toEqual([31]);

    const jittered = { jitterSeconds: 20 };
    const { job } = definitionOf({ name: 'tick', ...jittered });
    await take({ runId: 'late' }, jittered);
    host.told.started('late', 8, START + 25_000);
    const jitter = job ? jitterMs(job, START) : 0;
    expect(jitter).toBeGreaterThan(0);
    expect(latenesses.splice(1)).toEqual([25_000 - jitter]);

    for (const trigger of ['catchUp', 'manual', 'retry'] as const) {
      await take({ runId: trigger, trigger });
      host.told.started(trigger, 9, START + 60_000);
    }
    keeper.take(...(await claim({ runId: 'waited' })), true);
    host.told.started('waited', 10, START + 60_000);
    expect(latenesses).toEqual([31]);
  });

  it('ends a run in the store, frees slot and lock, and hands its record to history with the output', async () => {
    const fence = fenceOf(3, await take());
    host.told.started('run-1', 7, START);
    host.told.ended(endOf());
    expect(told).toEqual(['slot']);
    expect(await stored()).toMatchObject({ state: 'claimed' });
    await room.clock.advanceAsync(20);
    expect(await stored()).toMatchObject({ state: 'finished', result: { status: 'succeeded' } });
    expect(told).toEqual(['slot', 'lock of tick']);
    expect(room.recorder.recorded).toMatchObject([
      { id: 'run-1', status: 'succeeded', output: 'out', command: 'true', workerIp: '10.0.0.1', worker: 'w1', fence },
    ]);
    await room.clock.advanceAsync(250);
    expect(await stored()).toBeUndefined();
    expect([keeper.size, keeper.usedSlots, host.ended]).toEqual([0, 0, ['run-1']]);
  });

  it('counts an end that is told twice once', async () => {
    await take();
    host.told.ended(endOf({ exitCode: 2 }));
    host.told.ended(endOf());
    await room.clock.advanceAsync(1000);
    expect(room.recorder.recorded).toMatchObject([{ status: 'failed', reason: 'exit: 2' }]);
    expect(keeper.usedSlots).toBe(0);
  });

  it.each([
    ['closing', { status: 'missed', reason: 'notStarted: it is late' }],
    ['spawn', { status: 'failed', reason: 'spawn: it is late' }],
  ] as const)('ends a run that the host refuses: %s', async (why, result) => {
    await take();
    host.told.refused({ runId: 'run-1', why, detail: 'it is late' });
    await room.clock.advanceAsync(20);
    expect(room.recorder.recorded).toMatchObject([{ ...result, endTime: START }]);
    expect(refusals).toEqual([why]);
    expect(room.recorder.recorded[0]).not.toHaveProperty('command');
    expect(room.recorder.recorded[0]).not.toHaveProperty('fence');
    expect(await room.has(room.keys.lock('tick'))).toBe(false);
  });

  it('ends a run for which no order can be made', async () => {
    cannotStart = 'no user "backup"';
    await take();
    await room.clock.advanceAsync(20);
    expect(room.recorder.recorded).toMatchObject([{ status: 'failed', reason: 'spawn: no user "backup"' }]);
    expect(host.started).toEqual([]);
  });

  describe('of what it could not start', () => {
    const refused = (why: 'tooLate' | 'journal', runId = 'run-1'): void =>
      host.told.refused({ runId, why, detail: 'it is late' });
    const fire = { trigger: 'schedule', scheduledTime: START, claimedAt: START } as const;
    const startedIds = (): string[] => host.started.map(({ runId }) => runId);

    const isolated = { ...fire, lockSlot: undefined } as const;

    it.each(['tooLate', 'journal'] as const)('starts it when it may again, once: refused as %s', async (why) => {
      const revision = await take(isolated);
      mayStart = false;
      refused(why);
      expect(refusals).toEqual([why]);
      await room.clock.advanceAsync(40_000);
      expect(host.started).toHaveLength(1);
      expect(keeper.usedSlots).toBe(1);
      mayStart = true;
      startUntilBootMs = room.clock.boot() + 8000;
      await room.clock.advanceAsync(250);
      expect(host.started[1]).toMatchObject({
        runId: 'run-1',
        fence: fenceOf(3, revision),
        notAfterBootMs: startUntilBootMs,
      });
      await room.clock.advanceAsync(60_000);
      expect([host.started.length, room.recorder.recorded.length]).toEqual([2, 0]);
    });

    it('starts it where the session was renewed meanwhile, no later than its starting deadline', async () => {
      await take(fire);
      await room.clock.advanceAsync(55_000);
      startUntilBootMs = room.clock.boot() + 8000;
      refused('tooLate');
      expect(host.started, 'never at once: what refused it may be so still').toHaveLength(1);
      await room.clock.advanceAsync(250);
      expect(host.started).toMatchObject([{}, { notAfterBootMs: 1_060_000 }]);
    });

    it('starts a fire whose job was edited otherwise meanwhile, and what somebody asked for whatever its schedule', async () => {
      await take(fire);
      await take({ runId: 'asked', trigger: 'manual', claimedAt: START });
      startUntilBootMs += 8000;
      current = { ...definitionOf({ name: 'tick', labels: { team: 'pay' } }), revision: 9 };
      refused('tooLate');
      await room.clock.advanceAsync(250);
      current = definitionOf({ name: 'tick', paused: true });
      refused('tooLate', 'asked');
      await room.clock.advanceAsync(250);
      expect(startedIds()).toEqual(['run-1', 'asked', 'run-1', 'asked']);
    });

    it('keeps no lock while it could not be started although its session lives', async () => {
      await take(fire);
      mayStart = false;
      startUntilBootMs = room.clock.boot();
      refused('journal');
      await room.clock.advanceAsync(5000);
      expect(keeper.size).toBe(1);
      startUntilBootMs = room.clock.boot() + 8000;
      await room.clock.advanceAsync(500);
      expect(room.recorder.recorded).toMatchObject([{ status: 'missed', reason: 'notStarted: it is late' }]);
      expect(await room.has(room.keys.lock('tick'))).toBe(false);
    });

    it.each<[string, () => JobDefinition | undefined]>([
      ['was deleted', () => undefined],
      ['is paused', () => definitionOf({ name: 'tick', paused: true })],
    ])('does not start it when its job %s', async (_what, changed) => {
      await take(fire);
      startUntilBootMs += 8000;
      refused('tooLate');
      current = changed();
      await room.clock.advanceAsync(500);
      expect(startedIds()).toEqual(['run-1']);
      expect(room.recorder.recorded).toMatchObject([{ status: 'missed', reason: 'notStarted: it is late' }]);
    });

    it('starts nothing under a session that is not known to live', async () => {
      await take(fire);
      startUntilBootMs = room.clock.boot();
      refused('tooLate');
      await room.clock.advanceAsync(20_000);
      expect(host.started).toHaveLength(1);
    });

    it.each([
      ['a fire, past its starting deadline', fire, 60_000],
      ['a request, counted from its claim', { trigger: 'manual', claimedAt: START + 30_000 } as const, 90_000],
    ])('ends it as missed when its time is over: %s', async (_what, changes, endsMs) => {
      await take(changes);
      startUntilBootMs = 0;
      refused('tooLate');
      await room.clock.advanceAsync(endsMs);
      expect([keeper.size, room.recorder.recorded]).toEqual([1, []]);
      await room.clock.advanceAsync(1000);
      expect(room.recorder.recorded).toMatchObject([{ status: 'missed', reason: 'notStarted: it is late' }]);
      expect([startedIds(), keeper.usedSlots]).toEqual([['run-1'], 0]);
      expect(await room.has(room.keys.lock('tick'))).toBe(false);
    });

    it('ends it at once when the worker has stopped', async () => {
      keeper.stop();
      keeper.takeUnstarted(...(await claim(fire)));
      await room.clock.advanceAsync(20);
      expect(room.recorder.recorded).toMatchObject([{ status: 'missed', reason: 'notStarted' }]);
    });

    it('ends it at once when it is killed, or when the worker stops', async () => {
      await take({ ...fire, runId: 'a' });
      await take({ ...fire, runId: 'b' });
      startUntilBootMs = 0;
      refused('tooLate', 'a');
      refused('tooLate', 'b');
      keeper.killed('tick', { ...stuck, runId: 'a' }, 0, START);
      keeper.end([...keeper.live].find(({ id }) => id === 'b')!, { by: 'w1', why: 'workerShutdown', at: START });
      startUntilBootMs = room.clock.boot() + 8000;
      await room.clock.advanceAsync(1000);
      expect(room.recorder.recorded).toMatchObject([
        { id: 'a', status: 'killed', reason: 'stuck', killedBy: 'ann' },
        { id: 'b', status: 'killed', reason: 'workerShutdown' },
      ]);
      expect([startedIds(), host.killed]).toEqual([['a', 'b'], []]);
    });

    it('does not start it when it was declared lost meanwhile', async () => {
      await take(fire);
      startUntilBootMs = 0;
      refused('tooLate');
      await room.putRun(entryOf({ ...session, state: 'finished', result: { status: 'lost' } }));
      keeper.rebind(await room.join('w1'));
      await room.settle();
      startUntilBootMs = room.clock.boot() + 8000;
      await room.clock.advanceAsync(1000);
      expect(room.recorder.recorded).toMatchObject([
        { status: 'missed', reason: 'notStarted: it is late', late: true },
      ]);
      expect([startedIds(), keeper.size]).toEqual([['run-1'], 0]);
    });

    it.each<[string, (next: SessionRef) => void]>([
      ['that it was bound to', (next) => keeper.rebind(next)],
      ['that lives, though its claim was answered after that began', () => {}],
    ])('starts it under the session %s', async (_what, began) => {
      await take(fire);
      startUntilBootMs = 0;
      refused('tooLate');
      await room.store.revokeLease(session.session);
      lives = await room.join('w1');
      began(lives);
      await room.clock.advanceAsync(500);
      expect(await stored()).toMatchObject(lives);
      startUntilBootMs = room.clock.boot() + 8000;
      await room.clock.advanceAsync(500);
      expect(host.started).toMatchObject([{ session: session.session }, { session: lives.session }]);
    });

    it('starts what it takes over unstarted, as soon as there is a slot for it', async () => {
      await take({ ...fire, runId: 'a' });
      await take({ ...fire, runId: 'b' });
      keeper.takeUnstarted(...(await claim({ ...fire, runId: 'c' })));
      await room.clock.advanceAsync(5000);
      expect(startedIds()).toEqual(['a', 'b']);
      keeper.takeUnstarted(...(await claim({ ...fire, runId: 'd' })));
      host.told.ended(endOf({ runId: 'a' }));
      await room.clock.advanceAsync(500);
      expect(startedIds(), 'of those that wait none counts as running').toEqual(['a', 'b', 'c']);
    });

    it('starts nothing that it takes over too late, or under a kill, and ends it at once', async () => {
      await room.clock.advanceAsync(60_001);
      keeper.takeUnstarted(...(await claim({ ...fire, runId: 'late' })));
      expect(keeper.ownLock('tick', 0)).toMatchObject({ isEnding: true });
      killOrder = stuck;
      keeper.takeUnstarted(...(await claim({ ...fire, runId: 'killed' })));
      await room.clock.advanceAsync(1000);
      expect(room.recorder.recorded).toMatchObject([
        { id: 'late', status: 'missed', reason: 'notStarted' },
        { id: 'killed', status: 'killed', reason: 'stuck' },
      ]);
      expect([startedIds(), keeper.usedSlots]).toEqual([[], 0]);
    });
  });

  describe('as to kills', () => {
    it.each<[string, () => Partial<RunEntry>]>([
      ['that was put after the claim', () => ({})],
      ['that stands in the entry', () => ({ kill: { ...stuck, at: START } })],
    ])('starts nothing under a kill %s', async (_what, changes) => {
      if (Object.keys(changes()).length === 0) killOrder = stuck;
      await take(changes(), { retry: { limit: 3 } });
      await room.clock.advanceAsync(20);
      expect(host.started).toEqual([]);
      expect(room.recorder.recorded).toMatchObject([{ status: 'killed', reason: 'stuck', killedBy: 'ann' }]);
      expect(await room.requestsOf('tick')).toEqual([]);
    });

    it('ends the runs that are older than the kill, and writes it into them', async () => {
      const first = await take({ runId: 'old' });
      await take({ runId: 'new' });
      keeper.killed('tick', stuck, first + 1, START);
      await room.settle();
      expect(host.killed).toEqual(['old']);
      expect(await stored('old')).toMatchObject({ kill: { ...stuck, at: START } });
      expect((await stored('new'))?.kill).toBeUndefined();
      keeper.killed('tock', stuck, first + 100, START);
      keeper.killed('tick', stuck, first + 1, START);
      expect(host.killed, 'told again, it is carried out again').toEqual(['old', 'old']);
    });

    it('ends the run that the kill names, and no other', async () => {
      await take({ runId: 'a' });
      await take({ runId: 'b' });
      keeper.killed('tick', { ...stuck, runId: 'b' }, 0, START);
      expect(host.killed).toEqual(['b']);
    });

    it('leaves what was killed or has ended as it is when the worker ends its runs to stop', async () => {
      const revision = await take();
      keeper.killed('tick', stuck, revision + 1, START);
      const [run] = keeper.live;
      keeper.end(run!, { by: 'w1', why: 'workerShutdown', at: START });
      expect(run!.kill).toMatchObject(stuck);
      host.told.ended(endOf());
      keeper.end(run!, { by: 'w1', why: 'workerShutdown', at: START });
      expect(host.killed).toEqual(['run-1', 'run-1']);
    });

    it('says who and why when the kill has ended the process', async () => {
      const revision = await take({}, { retry: { limit: 3 } });
      keeper.killed('tick', stuck, revision + 1, START);
      host.told.ended(endOf({ exitCode: undefined as never, signal: 'SIGTERM', killedFor: 'asked' }));
      await room.clock.advanceAsync(1000);
      expect(room.recorder.recorded).toMatchObject([{ status: 'killed', reason: 'stuck', killedBy: 'ann' }]);
      expect(await room.requestsOf('tick')).toEqual([]);
    });

    it('ends a run whose kill it finds as it marks it running', async () => {
      await take();
      host.told.started('run-1', 7, START);
      await room.putRun(entryOf({ ...session, lockSlot: 0, kill: { ...stuck, at: START } }));
      await room.clock.advanceAsync(1500);
      expect(host.killed).toEqual(['run-1']);
      expect(await stored()).toMatchObject({ state: 'running', kill: stuck });
    });
  });

  describe('as to what runs', () => {
    it('puts a run as running once it is alive for a second, with its process', async () => {
      await take();
      await room.clock.advanceAsync(100);
      host.told.started('run-1', 7, START + 100);
      await room.clock.advanceAsync(999);
      expect(await stored()).toMatchObject({ state: 'claimed' });
      await room.clock.advanceAsync(501);
      expect(await stored()).toMatchObject({ state: 'running', pid: 7, startTime: START + 100 });
      expect(room.recorder.recorded).toMatchObject([{ status: 'running', startTime: START + 100, command: 'true' }]);
      expect(room.clock.pendingTimers).toBe(1); // the lease's
    });

    it('says nothing of one that has ended by then', async () => {
      await take();
      host.told.started('run-1', 7, START);
      await room.clock.advanceAsync(900);
      host.told.ended(endOf());
      await room.clock.advanceAsync(1000);
      expect(room.recorder.recorded.map(({ status }) => status)).toEqual(['succeeded']);
    });

    it('passes its output on', async () => {
      await take();
      const piece = {
        seq: 0,
        stream: 'stdout',
        at: START,
        offset: 0,
        data: Buffer.from('hello'),
        cutBefore: 0,
      } as const;
      host.told.output({ runId: 'run-1', ...piece });
      host.told.output({ runId: 'unknown', ...piece });
      expect(told).toEqual(['run-1: hello']);
    });

    it('takes no word of a run that it does not know', async () => {
      host.told.started('unknown', 7, START);
      host.told.ended(endOf({ runId: 'unknown' }));
      host.told.refused({ runId: 'unknown', why: 'closing', detail: '' });
      await room.clock.advanceAsync(1000);
      expect(room.recorder.recorded).toEqual([]);
    });
  });

  describe('as to sessions', () => {
    it('binds every run to the new one, and tells the host once the store has it', async () => {
      await take();
      await room.store.revokeLease(session.session);
      const next = await room.join('w1');
      keeper.rebind(next);
      expect(host.rebound).toEqual([]);
      await room.settle();
      expect(host.rebound).toEqual([`run-1 to ${next.session}`]);
      expect(await stored()).toMatchObject(next);
    });

    it('carries out a kill that was written into a run while the worker was cut off', async () => {
      await take();
      await room.putRun(entryOf({ ...session, lockSlot: 0, kill: { ...stuck, at: START } }));
      await room.store.revokeLease(session.session);
      const next = await room.join('w1');
      keeper.rebind(next);
      await room.clock.advanceAsync(10);
      await room.settle();
      expect(host.rebound).toEqual([`run-1 to ${next.session}`]);
      expect(host.killed).toEqual(['run-1']);
    });

    it('kills one that was declared lost meanwhile, and corrects the record when it has ended', async () => {
      await take();
      const lost = entryOf({ ...session, state: 'finished', result: { status: 'lost' } });
      await room.putRun(lost);
      keeper.rebind(await room.join('w1'));
      await room.settle();
      expect(host.killed).toEqual(['run-1']);
      expect(keeper.ownLock('tick', 0)).toBeUndefined();
      host.told.ended(endOf({ killedFor: 'asked' }));
      await room.clock.advanceAsync(1000);
      const [record] = room.recorder.recorded;
      expect(record).toMatchObject({ id: 'run-1', status: 'lost', reason: 'ownershipEnded', output: 'out' });
      expect(record, 'nobody killed it, and nothing is corrected').not.toHaveProperty('late');
      expect(await stored()).toEqual(lost);
      expect(keeper.size).toBe(0);
    });

    it('corrects the record of one that ended by itself after it was declared lost', async () => {
      await take();
      await room.putRun(entryOf({ ...session, state: 'finished', result: { status: 'lost' } }));
      keeper.rebind(await room.join('w1'));
      await room.settle();
      host.told.ended(endOf());
      await room.clock.advanceAsync(1000);
      expect(room.recorder.recorded).toMatchObject([{ id: 'run-1', status: 'succeeded', late: true }]);
    });
  });

  it('has as many slots as it was given, for runs and for claims on their way', async () => {
    expect(keeper.reserveSlot()).toBe(true);
    await take();
    expect([keeper.hasFreeSlot, keeper.reserveSlot(), keeper.usedSlots]).toEqual([false, false, 2]);
    keeper.releaseSlot();
    expect([keeper.hasFreeSlot, told]).toEqual([true, ['slot']]);
  });

  it('knows the lock it holds itself, and hurries an end that somebody waits for', async () => {
    const revision = await take();
    const holder = { ...session, runId: 'run-1' };
    expect(keeper.ownLock('tick', 0)).toEqual({ holder, lockRevision: revision, isEnding: false });
    expect(keeper.ownLock('tick', 1)).toBeUndefined();
    expect(keeper.ownLock('tock', 0)).toBeUndefined();
    host.told.ended(endOf());
    expect(keeper.ownLock('tick', 0)).toMatchObject({ isEnding: true });
    await room.settle();
    expect(told).toContain('lock of tick');
    expect(keeper.ownLock('tick', 0)).toBeUndefined();
  });

  it('keeps an end that the store has not taken when the worker stops', async () => {
    await take();
    await room.store.close();
    host.told.ended(endOf());
    await room.clock.advanceAsync(100);
    room.stopping.abort();
    await room.clock.advanceAsync(1000);
    expect({ size: keeper.size, settled: host.ended }).toEqual({ size: 1, settled: [] });
    expect(room.recorder.recorded).toEqual([]);
  });
});
