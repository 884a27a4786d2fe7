import { silentLog } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentOf, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import { writeCursor } from '../store/cursor.js';
import { readEditNote } from '../store/edit-note.js';
import { StoreJobControl } from './store-job-control.js';

const [ann, bob] = [{ name: 'ann' }, { name: 'bob' }];
const MINUTE = 60_000;
const tick = documentOf({ name: 'tick' });

describe('who put a job, and when', () => {
  let room: JobsFixture;
  let control: StoreJobControl;

  beforeEach(async () => {
    room = new JobsFixture();
    const { store, keys, clock, registry } = room;
    const told = { isClockGood: () => true, isRecorded: async () => false };
    control = new StoreJobControl({ store, keys, clock, registry, log: silentLog, id: 'm1', ...told });
    await room.start();
  });

  afterEach(() => room.close());

  const pass = (minutes: number) => room.clock.advance(minutes * MINUTE);

  it('is known of the first version, and stays with it when it is replaced', async () => {
    expect((await control.create(tick, ann)).edited).toEqual({ by: 'ann', at: START });
    pass(1);
    expect((await control.patch('tick', { command: 'false' }, bob)).edited).toEqual({ by: 'bob', at: START + MINUTE });
    expect(await control.versions('tick')).toMatchObject([
      { putBy: 'ann', putAt: START, replacedBy: 'bob', replacedAt: START + MINUTE },
    ]);
    expect((await control.get('tick')).edited).toEqual({ by: 'bob', at: START + MINUTE });
  });

  it('is not in the document', async () => {
    await control.create(tick, ann);
    expect(JSON.parse(String((await room.store.get(room.keys.job('tick')))?.value))).toEqual(tick);
  });

  it('is nobody when another client put it, whoever did before', async () => {
    await control.create(tick, ann);
    await room.put(room.keys.job('tick'), JSON.stringify({ ...tick, command: 'by another' }));
    expect((await control.get('tick')).edited).toBeUndefined();
    await control.patch('tick', { command: 'mine' }, bob);
    const [version] = await control.versions('tick');
    expect(version).toMatchObject({ document: { command: 'by another' }, replacedBy: 'bob' });
    expect(version?.putBy).toBeUndefined();
  });

  it('is not known of versions from before it was noted', async () => {
    const value = { v: 1, document: tick, replacedAt: new Date(START).toISOString(), replacedBy: 'ann' };
    await room.put(room.keys.version('tick', 3), JSON.stringify(value));
    expect(await control.versions('tick')).toEqual([
      { revision: 3, document: tick, replacedAt: START, replacedBy: 'ann' },
    ]);
  });

  it('goes with the job', async () => {
    await control.create(tick, ann);
    await control.remove('tick', ann);
    expect(await room.store.get(room.keys.edit('tick'))).toBeUndefined();
  });

  describe('of a pause', () => {
    const pauseNow = async () => (await control.get('tick')).pause;

    it('is kept while the pause goes on, whoever edits the rest', async () => {
      await control.create(tick, ann);
      pass(1);
      await control.pause('tick', { reason: 'moving' }, ann);
      pass(1);
      await control.patch('tick', { command: 'false' }, bob);
      expect(await pauseNow()).toEqual({ at: START + MINUTE, by: 'ann' });
    });

    it('is whoever said it last, since it began', async () => {
      await control.create(tick, ann);
      await control.pause('tick', { until: START + 5 * MINUTE }, ann);
      pass(1);
      await control.pause('tick', { until: START + 9 * MINUTE, reason: 'longer' }, bob);
      expect(await pauseNow()).toEqual({ at: START, by: 'bob' });
    });

    it('begins anew once the one before has ended, by itself or by somebody', async () => {
      await control.create(tick, ann);
      await control.pause('tick', { until: START + MINUTE }, ann);
      pass(2);
      await control.pause('tick', {}, bob);
      expect(await pauseNow()).toEqual({ at: START + 2 * MINUTE, by: 'bob' });
      await control.resume('tick', bob);
      expect(await pauseNow()).toBeUndefined();
      pass(1);
      await control.pause('tick', {}, ann);
      expect(await pauseNow()).toEqual({ at: START + 3 * MINUTE, by: 'ann' });
    });

    it('that another client put is nobody, since a worker took notice', async () => {
      await control.create(tick, ann);
      await room.put(room.keys.job('tick'), JSON.stringify({ ...tick, paused: true }));
      expect(await pauseNow()).toBeUndefined();
      await control.patch('tick', { command: 'false' }, bob);
      expect((await pauseNow())?.by).toBeUndefined();
      const { fingerprint } = room.registry.get('tick')!;
      const generation = (await control.get('tick')).createRevision;
      const taken = { at: START, generation, fingerprint, since: START + MINUTE, runs: 0, resets: 0 };
      await room.put(room.keys.cursor('tick'), writeCursor(taken));
      await room.put(room.keys.job('tick'), JSON.stringify({ ...tick, paused: true }));
      expect(await pauseNow()).toEqual({ at: START + MINUTE });
    });
  });

  it.each(['garbage', '{}', '{"at":"never"}', '[]'])('is nobody where the note is %s', (text) => {
    expect(readEditNote(Buffer.from(text))).toBeUndefined();
  });
});
