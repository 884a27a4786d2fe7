import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { definitionOf, type JobFields, JobsFixture, START } from '../../../../test/support/jobs-fixture.js';
import type { Job } from '../job/job.js';
import { rankWorkers } from '../policy/rank.js';

const jobOf = (fields: Partial<JobFields> = {}): Job => definitionOf({ name: 'tick', ...fields }).job as Job;

describe('the view of the fleet', () => {
  let room: JobsFixture;

  beforeEach(async () => {
    room = new JobsFixture();
    await room.start();
  });

  afterEach(() => room.close());

  const order = (job: Job, at: number): string[] =>
    [...room.fleet.workers]
      .map(({ id }) => ({ id, rank: room.fleet.rankOf(id, job, at) }))
      .filter(({ rank }) => rank >= 0)
      .sort((a, b) => a.rank - b.rank)
      .map(({ id }) => id);

  it('knows each worker with its session, and forgets one whose lease ended', async () => {
    const ref = await room.join('w1');
    expect(room.fleet.get('w1')).toMatchObject({
      id: 'w1',
      session: ref.session,
      sessionRevision: ref.sessionRevision,
    });
    const { version } = room.fleet;
    await room.store.revokeLease(ref.session);
    await room.settle();
    expect(room.fleet.get('w1')).toBeUndefined();
    expect(room.fleet.workers).toEqual([]);
    expect(room.fleet.version).toBeGreaterThan(version);
  });

  it('orders the workers for a job as the rule does, the same for every fire once settled', async () => {
    for (const id of ['w1', 'w2', 'w3', 'w4']) await room.join(id);
    const job = jobOf();
    const expected = rankWorkers(room.fleet.workers, job, START).map(({ id }) => id);
    expect(expected).toHaveLength(4);
    expect(order(job, START)).toEqual(expected);
    expect(order(job, START + 3_600_000)).toEqual(expected);
    expect(room.fleet.rankOf('w9', job, START)).toBe(-1);
  });

  it('has a newcomer after all others until it is eligible', async () => {
    for (const id of ['w1', 'w2', 'w3']) await room.join(id);
    const job = jobOf();
    const [first = ''] = order(job, START);
    const ref = room.fleet.get(first);
    await room.store.revokeLease(ref?.session ?? '');
    await room.join(first, { eligibleFrom: START + 3000 });
    expect(order(job, START + 3000).at(-1)).toBe(first);
    expect(order(job, START + 3001)[0]).toBe(first);
  });

  it.each([
    ['while nobody is there', {}, START, true],
    ['before a worker is eligible', { eligibleFrom: START + 3000 }, START + 3000, false],
    ['after it is', { eligibleFrom: START + 3000 }, START + 3001, true],
    ['while one drains', { drainFrom: START + 3000 }, START + 3_600_000, false],
  ])('one order for all fires holds, or not: %s', async (_what, presence, at, isSettled) => {
    if (Object.keys(presence).length > 0) await room.join('w1', presence);
    expect(room.fleet.isSettledAt(at)).toBe(isSettled);
  });

  it.each<[string, Parameters<JobsFixture['join']>[1], Partial<JobFields>, boolean]>([
    ['any worker of the group', {}, {}, true],
    ['one of another group', { group: 'reports' }, {}, false],
    ['one that drains', { drainFrom: START + 3000 }, {}, false],
    ['one with the labels', { labels: { disk: 'ssd', zone: 'a' } }, { routing: { selector: { disk: 'ssd' } } }, true],
    ['one with other labels', { labels: { disk: 'hdd' } }, { routing: { selector: { disk: 'ssd' } } }, false],
    ['the one it is bound to', {}, { routing: { worker: 'w1' } }, true],
    ['another than it is bound to', {}, { routing: { worker: 'w2' } }, false],
    ['one that knows no such document', { schema: 0 }, {}, false],
    ['one that is full: it will have room', { isFull: true }, {}, true],
  ])('says whether a job could be taken by %s', async (_what, presence, fields, expected) => {
    await room.join('w1', presence);
    expect(room.fleet.hasEligible(jobOf(fields))).toBe(expected);
  });

  it.each([
    ['garbage', 'garbage'],
    ['another id than its key', '{"id":"w2"}'],
    ['labels that are none', '{"id":"w9","labels":null}'],
  ])('counts a presence for nothing that holds %s', async (_what, value) => {
    await room.join('w1');
    await room.put(room.keys.worker('w9'), value);
    const selective = jobOf({ routing: { selector: { disk: 'ssd' } } });
    expect(room.fleet.workers.map(({ id }) => id)).toEqual(['w1']);
    expect(order(selective, START)).toEqual([]);
  });

  it('forgets a worker whose presence turns into garbage', async () => {
    await room.join('w1');
    await room.put(room.keys.worker('w1'), 'garbage');
    expect(room.fleet.get('w1')).toBeUndefined();
  });
});
