import { describe, expect, it } from 'vitest';
import { definitionOf, START } from '../../../../test/support/jobs-fixture.js';
import { type Cursor, writeCursor } from '../store/cursor.js';
import { JobTrack } from './job-track.js';

const MINUTE = 60_000;
const definition = definitionOf({ name: 'tick' }, 7);

const at = (revision: number, changes: Partial<Cursor> = {}) => ({
  revision,
  cursor: {
    at: START,
    generation: definition.createRevision,
    fingerprint: definition.fingerprint,
    runs: 0,
    resets: 0,
    ...changes,
  },
});

describe('what a worker knows of a job', () => {
  it('is nothing at first', () => {
    const track = new JobTrack(definition);
    expect(track.known).toBeUndefined();
    expect(track.isAdopted).toBe(false);
    expect(track.firstUndecided).toBeUndefined();
  });

  it('is the newest cursor it read, in whatever order the readings came', () => {
    const track = new JobTrack(definition);
    const [older, newer] = [at(10), at(12, { at: START + MINUTE })];
    track.learn(newer);
    track.learn(older);
    expect(track.known?.revision).toBe(12);
    track.learn(at(13));
    expect(track.known?.revision).toBe(13);
  });

  it('is to be read again once the definition has changed, and not to be believed when older', () => {
    const track = new JobTrack(definition);
    track.learn(at(12));
    track.forgetCursor();
    expect(track.known).toBeUndefined();
    track.learn(at(11));
    expect(track.known).toBeUndefined();
    track.learn(at(12));
    expect(track.known?.revision).toBe(12);
  });

  it.each<[string, Partial<Cursor>]>([
    ['that has not moved since it was taken up', { at: START + 1, since: START + 1 }],
    ['that has moved since', { at: START + MINUTE, since: START + 1 }],
    ['that moved to no whole second', { at: START + 5, since: START + 1 }],
    ['of nobody knows since when', { at: START, runs: 3, resets: 2 }],
    ['far ahead', { at: Date.UTC(9000, 0) }],
    ['put before 1970 by hand', { at: -5 }],
    ['of a job that was deleted', { at: START, deleted: true }],
  ])('holds every word of a cursor %s', (_what, changes) => {
    const track = new JobTrack(definition);
    const known = at(10, changes);
    track.learn(known);
    expect([track.known?.revision, writeCursor(track.known!.cursor!)]).toEqual([10, writeCursor(known.cursor)]);
  });

  it('keeps the first undecided fire while another is planned', () => {
    const track = new JobTrack(definition);
    track.fire = START + MINUTE;
    track.learn(at(10));
    expect(track.firstUndecided).toBe(START + MINUTE);
    track.fire = START + 2 * MINUTE;
    expect([track.firstUndecided, track.fire, track.dueAt]).toEqual([
      START + MINUTE,
      START + 2 * MINUTE,
      START + 2 * MINUTE,
    ]);
  });

  it('is what is read of it, also where that is older, if nothing else was learned meanwhile', async () => {
    const track = new JobTrack(definition);
    track.learn(at(12));
    track.forgetCursor();
    const gone = { cursor: undefined, revision: 0 };
    await track.read(async () => {
      track.learn(at(13));
      return gone;
    });
    expect(track.known?.revision).toBe(13);
    track.forgetCursor();
    await track.read(async () => undefined);
    expect(track.known).toBeUndefined();
    await track.read(async () => gone);
    expect(track.known).toBe(gone);
  });

  it('is what a refusal showed, also where the cursor is gone or the store was restored', () => {
    const track = new JobTrack(definition);
    track.learn(at(12));
    const gone = { cursor: undefined, revision: 0 };
    track.relearn(gone);
    expect(track.known).toBe(gone);
    track.relearn(at(5));
    expect(track.known?.revision).toBe(5);
  });

  it.each<[string, Partial<Cursor>, boolean]>([
    ['a cursor of this definition', {}, true],
    ['a cursor of another job of the name', { generation: 3 }, false],
    ['a cursor of another schedule', { fingerprint: 'other' }, false],
    ['a cursor of a deleted job', { deleted: true }, false],
  ])('takes %s for adopted or not', (_what, changes, isAdopted) => {
    const track = new JobTrack(definition);
    track.learn(at(10, changes));
    expect(track.isAdopted).toBe(isAdopted);
  });

  it('gives the first fire after the cursor, anew when cursor or definition changes', () => {
    const track = new JobTrack(definition);
    track.learn(at(10));
    expect(track.firstUndecided).toBe(START + MINUTE);
    track.learn(at(11, { at: START + 5 * MINUTE }));
    expect(track.firstUndecided).toBe(START + 6 * MINUTE);
    track.definition = definitionOf({ name: 'tick', cronExpr: '0 * * * *' }, 8, 7);
    expect(track.firstUndecided).toBe(START + 60 * MINUTE);
  });

  it('delays each fire by the same jitter every time, below its limit', () => {
    const track = new JobTrack(definitionOf({ name: 'tick', jitterSeconds: 20 }));
    const delays = Array.from({ length: 50 }, (_, minute) => track.jitter(START + minute * MINUTE));
    expect(delays).toEqual(delays.map((_, minute) => track.jitter(START + minute * MINUTE)));
    expect(Math.max(...delays)).toBeLessThanOrEqual(20_000);
    expect(new Set(delays).size).toBeGreaterThan(40);
    expect(new JobTrack(definition).jitter(START)).toBe(0);
  });
});
