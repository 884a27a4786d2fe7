import { JobVersion, parseJob, StoredJob } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import { pausesOf } from './pauses.js';
import { sameScheduleSince, termsOf } from './terms.js';

const hour = (h: number): number => Date.UTC(2026, 0, 1, h);
const NOW = hour(20);
const documentOf = (facts: object = {}) => ({ name: 'job', command: 'true', cronExpr: '0 * * * *', ...facts });

/** A job as it stands, with what is noted of it. */
const stored = (facts: object, known: Partial<StoredJob> = {}): StoredJob => ({
  ...{ name: 'job', revision: 9, createRevision: 1, parsed: parseJob(JSON.stringify(documentOf(facts)), 'job') },
  ...known,
});
/** A version that was in force from one hour to another. */
const version = (
  from: number | undefined,
  to: number,
  facts: object = {},
  pause?: JobVersion['pause'],
): JobVersion => ({
  ...{ revision: to, document: documentOf(facts), replacedAt: hour(to), replacedBy: `until-${to}` },
  ...(from !== undefined && { putAt: hour(from), putBy: `from-${from}` }),
  ...(pause && { pause }),
});

describe('the pauses of a job', () => {
  const pauses = (job: StoredJob, ...versions: JobVersion[]) =>
    pausesOf(termsOf(job, versions, NOW)).map(({ held: _, ...pause }) => pause);

  it('are those of its versions and the one it is in', () => {
    const now = stored(
      { paused: true, pausedReason: 'again' },
      { edited: { by: 'bob', at: hour(9) }, pause: { at: hour(9), by: 'bob' } },
    );
    expect(pauses(now, version(5, 9), version(3, 5, { paused: true, pausedReason: 'moving' }), version(1, 3))).toEqual([
      { from: hour(3), to: hour(5), by: 'from-3', reason: 'moving' },
      { from: hour(9), by: 'bob', reason: 'again' },
    ]);
  });

  it('are one where the job was edited meanwhile, with who paused it', () => {
    const now = stored({}, { edited: { by: 'ann', at: hour(7) } });
    const edited = version(5, 7, { paused: true, command: 'false' }, { at: hour(3), by: 'ann' });
    expect(pauses(now, edited, version(3, 5, { paused: true }))).toEqual([{ from: hour(3), to: hour(7), by: 'ann' }]);
  });

  it('end by themselves where they have an end, and what follows is no pause', () => {
    const until = { paused: true, pausedUntil: new Date(hour(4)).toISOString() };
    const now = stored(
      { ...until, command: 'false' },
      { edited: { by: 'ann', at: hour(7) }, pause: { at: hour(7), by: 'ann' } },
    );
    expect(pauses(now, version(3, 7, until))).toEqual([{ from: hour(3), to: hour(4), by: 'from-3' }]);
  });

  it('are read from versions of before it was noted who put them', () => {
    const now = stored({}, { scheduledSince: hour(5) });
    expect(pauses(now, version(undefined, 5, { paused: true }), version(undefined, 3))).toEqual([
      { from: hour(3), to: hour(5), by: 'until-3' },
    ]);
    // When it began nobody knows.
    expect(pauses(now, version(undefined, 5, { paused: true }))).toEqual([]);
  });

  it.each<[string, Partial<StoredJob>, number]>([
    ['a worker took notice', { scheduledSince: hour(8), decidedUntil: hour(9) }, hour(8)],
    ['its fires are decided', { decidedUntil: hour(9) }, hour(9)],
    ['it is asked about', {}, NOW],
  ])('of another client begin when %s', (_, known, from) => {
    expect(pauses(stored({ paused: true }, known))).toEqual([{ from }]);
  });

  it('are none of an invalid job but those that are over', () => {
    const broken = { ...stored({}), parsed: parseJob('{}', 'job') };
    expect(pauses(broken, version(3, 5, { paused: true }))).toMatchObject([{ from: hour(3), to: hour(5) }]);
  });
});

describe('the schedule of now', () => {
  const since = (job: StoredJob, ...versions: JobVersion[]) =>
    sameScheduleSince(termsOf(job, versions, NOW), job.scheduledSince);
  const resumed = stored({}, { edited: { by: 'ann', at: hour(5) }, scheduledSince: hour(5) });

  it('has held since before a pause, and before edits of other fields', () => {
    expect(since(resumed, version(3, 5, { paused: true }), version(1, 3, { command: 'false' }))).toBe(hour(1));
  });

  it('has held only since another took its place', () => {
    expect(since(resumed, version(3, 5), version(1, 3, { cronExpr: '30 * * * *' }))).toBe(hour(3));
  });

  it('is not taken to have held over a gap, or where nobody noted it', () => {
    expect(since(resumed, version(1, 4))).toBe(hour(5));
    expect(since(resumed, version(undefined, 5), version(undefined, 3))).toBe(hour(5));
    expect(since(stored({}, { scheduledSince: hour(5) }), version(1, 5))).toBe(hour(5));
    expect(since(stored({}))).toBeUndefined();
  });
});
