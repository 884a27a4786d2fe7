import { AlreadyExists, InvalidInput, NotFound, RevisionConflict, StoreUnavailable, silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { documentOf, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { runsOfEntry } from '../delivery/runs-of-entry.js';
import { writeCursor } from '../store/cursor.js';
import { ClockSuspect } from './job-editor.js';
import { StoreJobControl } from './store-job-control.js';

const ann = { name: 'ann' };
const MINUTE = 60_000;
const tick = documentOf({ name: 'tick' });

describe('edits of jobs', () => {
  let room: JobsFixture;
  let control: StoreJobControl;
  let isClockGood: boolean;

  beforeEach(async () => {
    room = new JobsFixture();
    isClockGood = true;
    const { store, keys, clock, registry } = room;
    control = new StoreJobControl({
      store,
      keys,
      clock,
      registry,
      log: silentLog,
      id: 'm1',
      isClockGood: () => isClockGood,
      isRecorded: async () => false,
    });
    await room.start();
  });

  afterEach(() => room.close());

  /** The records that the edits so far have left. */
  const left = async () => (await room.runsOf('tick')).flatMap((entry) => runsOfEntry(entry));
  const stretches = async () =>
    (await left())
      .map(({ scheduledTime, untilTime, count, status, reason }) => [
        (scheduledTime - START) / MINUTE,
        ((untilTime ?? scheduledTime) - START) / MINUTE,
        count,
        status,
        reason,
      ])
      .sort(([a], [b]) => Number(a) - Number(b));
  const skipped = (reason: string, count: number, from = START + MINUTE) => ({
    status: 'skipped',
    reason,
    count,
    scheduledTime: from,
    ...(count > 1 ? { untilTime: from + (count - 1) * MINUTE } : {}),
    worker: 'm1',
  });

  it('begins a job with nothing to decide before its creation', async () => {
    const job = await control.create(tick, ann);
    expect(job).toMatchObject({ name: 'tick', decidedUntil: START, runCount: 0, revision: job.createRevision });
    expect(await control.get('tick')).toEqual(job);
    expect(await left()).toEqual([]);
  });

  it.each([
    ['a label', { labels: { team: 'a' } }],
    ['the command', { command: 'false' }],
    ['a policy', { misfirePolicy: 'skip', timeoutSeconds: 5 }],
    ['nothing', {}],
  ])('leaves the cursor alone when %s changes', async (_what, patch) => {
    const before = await control.create(tick, ann);
    room.clock.advance(5 * MINUTE);
    const after = await control.patch('tick', patch, ann);
    expect(after.revision).toBeGreaterThan(before.revision);
    expect(after).toMatchObject({ createRevision: before.createRevision, decidedUntil: START });
    expect(await left()).toEqual([]);
  });

  it.each([
    ['the expression', { cronExpr: '0 * * * *' }],
    ['the zone', { timezone: 'Europe/Berlin' }],
    ['the window', { startAt: '2027-01-01T00:00:00Z' }],
    ['the end', { endAt: '2027-01-01T00:00:00Z' }],
  ])('moves the cursor and says what was left undecided when %s changes', async (_what, patch) => {
    await control.create(tick, ann);
    room.clock.advance(5.5 * MINUTE);
    const after = await control.patch('tick', patch, ann);
    expect(after.decidedUntil).toBe(START + 5.5 * MINUTE);
    expect(await left()).toMatchObject([skipped('edited', 5)]);
    const [entry] = await room.runsOf('tick');
    // One transaction: job, cursor and decision stand at one revision.
    for (const key of [room.keys.cursor('tick'), room.keys.run('tick', entry?.runId ?? '')]) {
      expect((await room.store.get(key))?.modRevision).toBe(after.revision);
    }
  });

  it.each<[string, Record<string, unknown>]>([
    ['are allowed', { maxRuns: 10 }],
    ['have no limit any more', { maxRuns: null }],
  ])('fires nothing for the time after the last run when more runs %s', async (_what, patch) => {
    const { createRevision } = await control.create({ ...tick, maxRuns: 3 }, ann);
    const { fingerprint } = await room.definition('tick');
    const cursor = { at: START + MINUTE, generation: createRevision, fingerprint, runs: 3, resets: 0 };
    await room.put(room.keys.cursor('tick'), writeCursor(cursor));
    room.clock.advance(5.5 * MINUTE);
    expect((await control.patch('tick', { maxRuns: 3 }, ann)).decidedUntil).toBe(START + MINUTE);
    const after = await control.patch('tick', patch, ann);
    expect(after).toMatchObject({ decidedUntil: START + 5.5 * MINUTE, runCount: 3 });
    await room.settle();
    const { items } = await control.list({ limit: 10 });
    expect(items.map(({ runCount }) => runCount)).toEqual(patch['maxRuns'] === null ? [undefined] : [3]);
    expect(await left()).toMatchObject([skipped('maxRuns', 4, START + 2 * MINUTE)]);
  });

  it('leaves undecided fires to the workers when runs are left and more are allowed', async () => {
    await control.create({ ...tick, maxRuns: 3 }, ann);
    room.clock.advance(5 * MINUTE);
    expect((await control.patch('tick', { maxRuns: 10 }, ann)).decidedUntil).toBe(START);
  });

  it('accounts for what it passes when the cursor is set on', async () => {
    await control.create(tick, ann);
    room.clock.advance(5 * MINUTE);
    await control.resetCursor('tick', START + 3 * MINUTE, ann);
    expect(await left()).toMatchObject([skipped('cursorMoved', 3)]);
    await control.resetCursor('tick', START + MINUTE, ann);
    expect(await left()).toHaveLength(1);
  });

  it('counts a single undecided fire as one, without an end', async () => {
    await control.create(tick, ann);
    room.clock.advance(MINUTE);
    await control.patch('tick', { cronExpr: '0 * * * *' }, ann);
    const [run] = await left();
    expect(run).toMatchObject(skipped('edited', 1));
    expect(run?.untilTime).toBeUndefined();
  });

  it('keeps the count of runs through an edit of the schedule', async () => {
    const { createRevision } = await control.create(tick, ann);
    const { fingerprint } = await room.definition('tick');
    const cursor = { at: START, generation: createRevision, fingerprint, runs: 7, resets: 2 };
    await room.put(room.keys.cursor('tick'), writeCursor(cursor));
    const after = await control.patch('tick', { cronExpr: '0 * * * *' }, ann);
    expect(after.runCount).toBe(7);
    expect(await room.cursorOf('tick')).toMatchObject({ runs: 7, resets: 2 });
  });

  it('adopts a job that another client put, and leaves its fires since then to the workers', async () => {
    const { createRevision } = await room.putJob({ name: 'tick' });
    expect((await control.get('tick')).decidedUntil).toBeUndefined();
    room.clock.advance(5 * MINUTE);
    const after = await control.patch('tick', { labels: { a: 'b' } }, ann);
    expect(after.decidedUntil).toBe(START);
    expect(await room.cursorOf('tick')).toMatchObject({ generation: createRevision });
    expect(await left()).toEqual([]);
  });

  describe('of a job that another client changed, and nobody adopted yet', () => {
    const SINCE = START + 5 * MINUTE + 1_000;

    beforeEach(async () => {
      await control.create(tick, ann);
      room.clock.advance(SINCE - START);
      await room.putJob({ name: 'tick', cronExpr: '*/2 * * * *' });
      room.clock.advance(4 * MINUTE);
    });

    const ofTheEarlier = [1, 5, 5, 'skipped', 'edited'];

    it('account for what the earlier one left, and leave the fires since then to the workers', async () => {
      expect((await control.patch('tick', { labels: { a: 'b' } }, ann)).decidedUntil).toBe(SINCE);
      expect(await stretches()).toEqual([ofTheEarlier]);
    });

    it.each([
      ['edited', () => control.patch('tick', { cronExpr: '0 * * * *' }, ann)],
      ['edited', () => control.patch('tick', { cronExpr: '* * * * *' }, ann)],
      ['paused', () => control.patch('tick', { paused: true }, ann)],
      ['deleted', () => control.remove('tick', ann)],
    ])('account for what both left: %s', async (reason, edit) => {
      await edit();
      expect(await stretches()).toEqual([ofTheEarlier, [6, 8, 2, 'skipped', reason]]);
      expect((await room.cursorOf('tick'))?.at).toBe(SINCE + 4 * MINUTE);
    });
  });

  it('accounts for what was due of a job that another client put, when it goes before anybody adopted it', async () => {
    await room.putJob({ name: 'tick' });
    room.clock.advance(2 * MINUTE);
    await control.remove('tick', ann);
    expect(await stretches()).toEqual([[1, 2, 2, 'skipped', 'deleted']]);
  });

  it('note since when the schedule decides, through edits that leave it alone', async () => {
    const made = await control.create(tick, ann);
    expect(made.scheduledSince).toBe(START);
    room.clock.advance(MINUTE);
    expect((await control.patch('tick', { command: 'false' }, ann)).scheduledSince).toBe(START);
    expect((await control.patch('tick', { cronExpr: '0 * * * *' }, ann)).scheduledSince).toBe(START + MINUTE);
    room.clock.advance(MINUTE);
    await control.resetCursor('tick', START + MINUTE / 2, ann);
    expect((await control.get('tick')).scheduledSince).toBe(START + MINUTE / 2);
  });

  describe('that pause and resume', () => {
    it('skip what was undecided as paused, and fire nothing for the time of the pause', async () => {
      await control.create(tick, ann);
      room.clock.advance(3 * MINUTE);
      const paused = await control.pause('tick', { reason: 'new database' }, ann);
      expect(paused.parsed).toMatchObject({ job: { paused: true, pausedReason: 'new database' } });
      expect(await left()).toMatchObject([skipped('paused', 3)]);
      room.clock.advance(10 * MINUTE);
      const resumed = await control.resume('tick', ann);
      expect(resumed.decidedUntil).toBe(START + 13 * MINUTE);
      expect(resumed.parsed).toMatchObject({ document: tick });
      expect(await left()).toHaveLength(1);
    });

    it('account for what fell due after a pause had ended by itself', async () => {
      await control.create(tick, ann);
      await control.pause('tick', { until: START + 10 * MINUTE }, ann);
      room.clock.advance(12 * MINUTE);
      await control.resume('tick', ann);
      expect(await left()).toMatchObject([skipped('edited', 3, START + 10 * MINUTE)]);
    });
  });

  describe('that delete', () => {
    it('say what was undecided, and leave a cursor that keeps a job of the same name from old fires', async () => {
      const first = await control.create(tick, ann);
      room.clock.advance(4 * MINUTE);
      await control.remove('tick', ann);
      await expect(control.get('tick')).rejects.toThrow(NotFound);
      expect(await left()).toMatchObject([skipped('deleted', 4)]);
      expect(await room.cursorOf('tick')).toMatchObject({ at: START + 4 * MINUTE, deleted: true });

      room.clock.stepWallClock(-3 * MINUTE);
      const second = await control.create(tick, ann);
      expect(second.createRevision).not.toBe(first.createRevision);
      expect(second).toMatchObject({ decidedUntil: START + 4 * MINUTE, runCount: 0 });
      expect(await left()).toHaveLength(1);
    });

    it('work on what is no job', async () => {
      await room.put(room.keys.job('tick'), 'garbage');
      await control.remove('tick', ann);
      expect(await room.has(room.keys.job('tick'))).toBe(false);
      expect(await left()).toEqual([]);
    });
  });

  describe('that are refused', () => {
    it.each<[string, typeof NotFound, (control: StoreJobControl) => Promise<unknown>]>([
      ['read', NotFound, (c) => c.get('none')],
      ['patch', NotFound, (c) => c.patch('none', {}, ann)],
      ['remove', NotFound, (c) => c.remove('none', ann)],
      ['replace at a revision', NotFound, (c) => c.replace('none', { ...tick, name: 'none' }, ann, 3)],
      ['pause', NotFound, (c) => c.pause('none', {}, ann)],
      ['reset', NotFound, (c) => c.resetCursor('none', START, ann)],
      ['restore', NotFound, (c) => c.restore('none', 3, ann)],
    ])('know no job to %s', async (_what, error, ask) => {
      await expect(ask(control)).rejects.toThrow(error);
    });

    it('refuse to create what is there', async () => {
      await control.create(tick, ann);
      await expect(control.create(tick, ann)).rejects.toThrow(AlreadyExists);
    });

    it.each<[string, (control: StoreJobControl, revision: number) => Promise<unknown>]>([
      ['replace', (c, revision) => c.replace('tick', tick, ann, revision)],
      ['patch', (c, revision) => c.patch('tick', { command: 'x' }, ann, revision)],
      ['remove', (c, revision) => c.remove('tick', ann, revision)],
    ])('refuse to %s what somebody else has changed, and say by what', async (_what, ask) => {
      const { revision } = await control.create(tick, ann);
      const newer = await control.patch('tick', { command: 'false' }, ann, revision);
      const facts = { expected: String(revision), actual: String(newer.revision) };
      await expect(ask(control, revision)).rejects.toMatchObject({ code: 'revision_conflict', ...facts });
      expect(await control.get('tick')).toEqual(newer);
      await ask(control, newer.revision);
    });

    it.each<[string, (control: StoreJobControl) => Promise<unknown>]>([
      ['an unknown field', (c) => c.create({ ...tick, name: 'new', comand: 'x' }, ann)],
      ['another name than its key', (c) => c.replace('tick', { ...tick, name: 'tock' }, ann)],
      ['a patch to a bad expression', (c) => c.patch('tick', { cronExpr: '0 25 * * *' }, ann)],
      ['a patch that is no object', (c) => c.patch('tick', 'x', ann)],
      ['a cursor in the future', (c) => c.resetCursor('tick', START + 1, ann)],
    ])('take no %s', async (_what, ask) => {
      const before = await control.create(tick, ann);
      await expect(ask(control)).rejects.toThrow(InvalidInput);
      expect(await control.get('tick')).toEqual(before);
    });

    it('patch no value that is no object, but replace it whole', async () => {
      await room.put(room.keys.job('tick'), '[1]');
      await expect(control.patch('tick', { command: 'x' }, ann)).rejects.toThrow(InvalidInput);
      const { job, created } = await control.replace('tick', tick, ann);
      expect({ created, parsed: job.parsed }).toMatchObject({ created: false, parsed: { ok: true } });
    });

    it.each<[string, (control: StoreJobControl) => Promise<unknown>]>([
      ['create', (c) => c.create({ ...tick, name: 'new' }, ann)],
      ['replace', (c) => c.replace('tick', { ...tick, command: 'x' }, ann)],
      ['patch', (c) => c.patch('tick', { command: 'x' }, ann)],
      ['pause', (c) => c.pause('tick', {}, ann)],
      ['remove', (c) => c.remove('tick', ann)],
      ['reset the cursor of', (c) => c.resetCursor('tick', START, ann)],
    ])('do not %s a job by a clock that is off', async (_what, ask) => {
      const before = await control.create(tick, ann);
      isClockGood = false;
      await expect(ask(control)).rejects.toThrow(ClockSuspect);
      expect(await control.get('tick')).toEqual(before);
      expect(await room.has(room.keys.job('new'))).toBe(false);
    });

    it('say so when the store is away', async () => {
      await room.store.close();
      await expect(control.create(tick, ann)).rejects.toThrow(StoreUnavailable);
    });
  });

  describe('beside workers that move the cursor', () => {
    const moveCursor = async (): Promise<void> => {
      const { createRevision, fingerprint } = await room.definition('tick');
      const at = ((await room.cursorOf('tick'))?.at ?? 0) + MINUTE;
      const value = writeCursor({ at, generation: createRevision, fingerprint, runs: 1, resets: 0 });
      await room.put(room.keys.cursor('tick'), value);
    };

    it('account only for what no worker has decided meanwhile', async () => {
      await control.create(tick, ann);
      room.clock.advance(5 * MINUTE);
      const transactAll = room.store.transactAll.bind(room.store);
      vi.spyOn(room.store, 'transactAll').mockImplementationOnce(async (asked) => {
        const read = await transactAll(asked);
        await moveCursor();
        return read;
      });
      const after = await control.patch('tick', { cronExpr: '0 * * * *' }, ann);
      expect(after).toMatchObject({ decidedUntil: START + 5 * MINUTE, runCount: 1 });
      expect(await left()).toMatchObject([skipped('edited', 4, START + 2 * MINUTE)]);
    });

    it('give up when it moves with every try', async () => {
      await control.create(tick, ann);
      const transactAll = room.store.transactAll.bind(room.store);
      const spy = vi.spyOn(room.store, 'transactAll').mockImplementation(async (asked) => {
        const isWrite = asked.some(({ compare }) => compare.length > 0);
        if (isWrite)
          await transactAll([{ compare: [], then: [{ kind: 'put', key: '/cron/cursors/tick', value: '' }] }]);
        return transactAll(asked);
      });
      await expect(control.patch('tick', { cronExpr: '0 * * * *' }, ann)).rejects.toThrow(RevisionConflict);
      expect(spy.mock.calls.length).toBeLessThanOrEqual(100);
    });
  });

  describe('versions', () => {
    it('are the last twenty definitions, newest first, with who replaced them and when', async () => {
      await control.create(tick, ann);
      for (let count = 1; count <= 25; count++) {
        room.clock.advance(1000);
        await control.patch('tick', { command: `echo ${count}` }, { name: `user-${count}` });
      }
      const versions = await control.versions('tick');
      expect(versions.map(({ document }) => document.command)).toEqual(
        Array.from({ length: 20 }, (_, index) => `echo ${24 - index}`),
      );
      expect(versions[0]).toMatchObject({ replacedBy: 'user-25', replacedAt: START + 25_000 });
    });

    it('keep what was deleted', async () => {
      const { revision } = await control.create(tick, ann);
      await control.remove('tick', ann);
      expect(await control.versions('tick')).toMatchObject([{ revision, document: tick, replacedBy: 'ann' }]);
      expect((await control.restore('tick', revision, ann)).parsed).toMatchObject({ document: tick });
    });

    it('are put back as an edit like any other', async () => {
      const { revision } = await control.create(tick, ann);
      await control.patch('tick', { cronExpr: '0 * * * *', labels: { a: 'b' } }, ann);
      room.clock.advance(90 * MINUTE);
      const restored = await control.restore('tick', revision, ann);
      expect(restored).toMatchObject({ parsed: { document: tick }, decidedUntil: START + 90 * MINUTE });
      expect(await left()).toMatchObject([skipped('edited', 1, START + 60 * MINUTE)]);
      await expect(control.restore('tick', 999, ann)).rejects.toThrow(NotFound);
    });

    it('leave out what is no version', async () => {
      await room.put(room.keys.version('tick', 3), 'garbage');
      await room.put(room.keys.version('tick', 4), '{"document":null}');
      expect(await control.versions('tick')).toEqual([]);
    });
  });

  it('sets the cursor back by hand, so that the fires after it are decided again under new ids', async () => {
    await control.create(tick, ann);
    await control.resetCursor('tick', START - 10 * MINUTE, ann);
    await control.resetCursor('tick', START - 5 * MINUTE, ann);
    expect(await room.cursorOf('tick')).toMatchObject({ at: START - 5 * MINUTE, resets: 2 });
    expect((await control.get('tick')).decidedUntil).toBe(START - 5 * MINUTE);
  });
});
