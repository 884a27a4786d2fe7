import { compileSchedule, parseJobDocument, Run, StoredJob } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import { explainFire } from './explain.js';
import { joinFires } from './ledger.js';
import { planFires, planRuns } from './plan.js';

const hour = (h: number): number => Date.UTC(2026, 0, 1, h);
const hourly = compileSchedule({ cronExpr: '0 * * * *', timezone: 'UTC' }, 'job');

function run(facts: Partial<Run>): Run {
  const { id = 'run', scheduledTime = hour(1) } = facts;
  const basics = { id, jobName: 'job', trigger: 'schedule', status: 'succeeded', scheduledTime, count: 1 } as const;
  return { ...basics, attempt: 1, rootRunId: id, ...facts };
}

interface Facts {
  readonly decidedUntil?: number;
  readonly scheduledSince?: number;
  readonly now?: number;
}

function ledger(records: readonly Run[], { now = hour(4), ...facts }: Facts = {}): string[] {
  const { decidedUntil, scheduledSince } = facts;
  const known = { schedule: hourly, records, decidedUntil, scheduledSince, now };
  const fires = joinFires({ ...known, from: hour(0), to: hour(6), limit: 100 });
  return fires.map(({ scheduledTime, status, isOnSchedule }) => {
    const time = new Date(scheduledTime).toISOString().slice(11, 16);
    return `${time} ${status}${isOnSchedule ? '' : ' (off)'}`;
  });
}

describe('joinFires', () => {
  it('gives every scheduled time exactly one outcome', () => {
    const records = [
      run({ id: 'a', scheduledTime: hour(0) }),
      run({ id: 'b', scheduledTime: hour(1), untilTime: hour(2), count: 2, status: 'missed' }),
      run({ id: 'c', scheduledTime: hour(4), status: 'running' }),
    ];
    expect(ledger(records, { decidedUntil: hour(3) })).toEqual([
      '00:00 succeeded',
      '01:00 missed',
      '02:00 missed',
      '03:00 unrecorded',
      '04:00 running',
      '05:00 planned',
    ]);
  });

  it('calls a fire due only once its jitter has passed', () => {
    const known = { schedule: hourly, records: [], decidedUntil: hour(2), from: hour(3), to: hour(4), limit: 1 };
    const statusAt = (now: number): unknown => joinFires({ ...known, now, dueOf: (at) => at + 600_000 })[0]?.status;
    expect([statusAt(hour(3) + 599_999), statusAt(hour(3) + 600_000)]).toEqual(['planned', 'due']);
  });

  it('has no fires after those that are decided where the job has had all its runs', () => {
    const known = { schedule: hourly, records: [run({})], now: hour(4), decidedUntil: hour(1), isUsedUp: true };
    const fires = joinFires({ ...known, from: hour(1), to: hour(6), limit: 100 });
    expect(fires.map(({ status }) => status)).toEqual(['succeeded']);
    const { job } = parseJobDocument({ name: 'job', command: 'true', cronExpr: '0 * * * *', maxRuns: 1 });
    expect(explainFire({ ...known, job, at: hour(2) })).toMatchObject({ code: 'usedUp', next: undefined });
    expect(explainFire({ ...known, job, at: hour(2) + 1_000 }).code).toBe('notScheduled');
    expect(explainFire({ ...known, job, at: hour(1) }).code).toBe('succeeded');
  });

  it.each([
    ['two fires', {}, {}],
    ['a fire and a stretch', {}, { untilTime: hour(2), count: 2 }],
    ['a stretch and a fire', { untilTime: hour(2), count: 2 }, {}],
  ])('believes what was decided anew after the cursor was set back: %s', (_what, before, after) => {
    const old = run({ id: 'old', status: 'missed', claimedAt: hour(1), attempt: 2, ...before });
    const anew = run({ id: 'anew', status: 'skipped', claimedAt: hour(3), ...after });
    for (const records of [
      [old, anew],
      [anew, old],
    ]) {
      expect(ledger(records, { decidedUntil: hour(3) })[1]).toBe('01:00 skipped');
    }
  });

  it('calls a fire due whose time has come and that nobody decided', () => {
    expect(ledger([])[4]).toBe('04:00 unrecorded');
    expect(ledger([], { decidedUntil: hour(2) })).toEqual([
      '00:00 unrecorded',
      '01:00 unrecorded',
      '02:00 unrecorded',
      '03:00 due',
      '04:00 due',
      '05:00 planned',
    ]);
  });

  it('counts from before the schedule held only what is recorded', () => {
    const records = [
      run({ id: 'a', scheduledTime: hour(0) + 60_000 }),
      run({ id: 'b', scheduledTime: hour(1) }),
      run({ id: 'c', scheduledTime: hour(2), untilTime: hour(3), count: 2, status: 'skipped', reason: 'paused' }),
    ];
    expect(ledger(records, { scheduledSince: hour(3) + 1, decidedUntil: hour(4) })).toEqual([
      '00:01 succeeded (off)',
      '01:00 succeeded',
      '02:00 skipped',
      '03:00 skipped',
      '04:00 unrecorded',
      '05:00 planned',
    ]);
    expect(ledger([], { scheduledSince: hour(9) })).toEqual([]);
  });

  it('lists what a pause held back, by the schedule that was held, and no other', () => {
    const half = compileSchedule({ cronExpr: '30 * * * *', timezone: 'UTC' }, 'job');
    const pauses = [
      { from: hour(0), to: hour(2), held: [{ from: hour(0), to: hour(1), schedule: half }] },
      { from: hour(3) + 1, held: [{ from: hour(3) + 1, schedule: hourly }] },
    ];
    const facts = { schedule: hourly, records: [], decidedUntil: hour(3), scheduledSince: hour(2) - 1, now: hour(4) };
    const fires = joinFires({ ...facts, pauses, from: hour(0), to: hour(6), limit: 100 });
    expect(fires.map(({ scheduledTime, status, isOnSchedule }) => [scheduledTime, status, isOnSchedule])).toEqual([
      [hour(0) + 1_800_000, 'paused', false],
      [hour(2), 'unrecorded', true],
      [hour(3), 'unrecorded', true],
      [hour(4), 'paused', true],
      [hour(5), 'paused', true],
    ]);
  });

  it('lets the latest attempt speak for its fire', () => {
    const first = run({ id: 'a', status: 'failed' });
    const second = run({ id: 'a2', status: 'succeeded', attempt: 2, rootRunId: 'a', trigger: 'retry' });
    expect(ledger([second, first])).toContain('01:00 succeeded');
  });

  it('leaves out runs by hand and their retries', () => {
    const byHand = run({ id: 'm', trigger: 'manual', scheduledTime: hour(1) + 90_000 });
    const retry = run({ id: 'm2', rootRunId: 'm', trigger: 'retry', attempt: 2, scheduledTime: hour(1) + 90_000 });
    expect(ledger([byHand, retry]).filter((line) => line.includes('off'))).toEqual([]);
  });

  it('finds no fire between two of a stretch that the present schedule missed', () => {
    const missed = run({ scheduledTime: hour(1), untilTime: hour(3), count: 3, status: 'missed' });
    const known = { schedule: hourly, records: [missed], decidedUntil: hour(3), now: hour(4), limit: 10 };
    const between = { from: hour(2) + 600_000, to: hour(2) + 1_200_000 };
    expect(joinFires({ ...known, ...between, scheduledSince: hour(0) })).toEqual([]);
    // By an earlier schedule there may have been one.
    const older = joinFires({ ...known, ...between, scheduledSince: hour(3) });
    expect(older).toMatchObject([{ scheduledTime: between.from, status: 'missed', isOnSchedule: false }]);
    const { job } = parseJobDocument({ name: 'job', command: 'true', cronExpr: '0 * * * *' });
    const asked = { job, at: between.from, scheduledSince: hour(0) };
    expect(explainFire({ ...known, ...asked })).toMatchObject({ code: 'notScheduled', next: hour(3) });
  });

  it('shows fires of an earlier schedule as such', () => {
    const early = run({ id: 'e', scheduledTime: hour(1) + 30 * 60_000 });
    const stretch = run({ id: 's', scheduledTime: hour(2) + 60_000, untilTime: hour(2) + 120_000, status: 'skipped' });
    expect(ledger([early, stretch])).toEqual(expect.arrayContaining(['01:30 succeeded (off)', '02:01 skipped (off)']));
  });
});

describe('explainFire', () => {
  const explain = (document: object, at: number, records: readonly Run[] = [], decidedUntil?: number) => {
    const { job } = parseJobDocument({ name: 'job', command: 'true', cronExpr: '0 * * * *', ...document });
    const schedule = job.cronExpr === undefined ? undefined : hourly;
    return explainFire({ job, schedule, at, records, decidedUntil, now: hour(4) });
  };

  it.each([
    [
      'overlap: run 01J',
      'skipped',
      'It was skipped: an earlier run was still going and the job does not overlap - run 01J.',
    ],
    ['exit:2', 'failed', 'It ran and failed: exit code 2.'],
    ['something new', 'missed', 'It was missed: something new.'],
  ] as const)('turns the reason %j into a sentence', (reason, status, en) => {
    expect(explain({}, hour(1), [run({ status, reason })])).toMatchObject({ code: status, text: { en } });
  });

  it('names the fires around an instant that has none', () => {
    expect(explain({}, hour(1) + 600_000)).toMatchObject({ code: 'notScheduled', previous: hour(1), next: hour(2) });
  });

  it('takes any part of a second for the second', () => {
    expect(explain({}, hour(1) + 500, [run({})])).toMatchObject({ code: 'succeeded', at: hour(1) });
  });

  it('says of an instant before the schedule held that it did not', () => {
    const { job } = parseJobDocument({ name: 'job', command: 'true', cronExpr: '0 * * * *' });
    const facts = { job, schedule: hourly, records: [], decidedUntil: hour(3), scheduledSince: hour(2), now: hour(4) };
    expect(explainFire({ ...facts, at: hour(1) })).toMatchObject({
      code: 'beforeSchedule',
      text: { en: expect.stringContaining('only since 2026-01-01 02:00:00 UTC') },
    });
    expect(explainFire({ ...facts, at: hour(3) }).code).toBe('unrecorded');
  });

  describe('of an instant within a pause', () => {
    const { job } = parseJobDocument({ name: 'job', command: 'true', cronExpr: '0 * * * *' });
    const pause = { from: hour(1) + 1, to: hour(3), by: 'ann', reason: 'moving', held: [] };
    const facts = { job, schedule: hourly, records: [], decidedUntil: hour(3), pauses: [pause], now: hour(4) };
    const told = 'The job was paused from 2026-01-01 01:00:00 UTC to 2026-01-01 03:00:00 UTC, by ann: moving.';

    it('says the pause, also when it is long over', () => {
      const known = { ...facts, scheduledSince: hour(3) };
      expect(explainFire({ ...facts, at: hour(2) })).toMatchObject({ code: 'paused', text: { en: told }, pause });
      expect(explainFire({ ...known, at: hour(2) })).toMatchObject({ code: 'paused', pause });
    });

    it('says as well that nothing was due then', () => {
      const { code, text } = explainFire({ ...facts, at: hour(2) + 600_000 });
      expect(code).toBe('paused');
      expect(text.en).toBe(`${told} Its schedule has no fire at this instant either.`);
    });

    it('lets a record speak, and a fire at its end', () => {
      expect(explainFire({ ...facts, at: hour(2), records: [run({ scheduledTime: hour(2) })] }).code).toBe('succeeded');
      expect(explainFire({ ...facts, at: hour(3) }).code).toBe('unrecorded');
    });
  });

  it('knows a job without schedule and a window', () => {
    expect(explain({ cronExpr: undefined }, hour(1)).code).toBe('byHandOnly');
    expect(explain({ startAt: '2026-06-01T00:00:00Z' }, hour(1) + 1000).code).toBe('beforeStart');
  });
});

describe('planFires', () => {
  const jobs = ['b', 'a'].map((name) => parseJobDocument({ name, command: 'true', cronExpr: '0 * * * *' }).job);
  const breathe = async (): Promise<void> => {};

  it('lists the fires of all jobs in order', async () => {
    const plan = await planFires(jobs, { from: hour(0), to: hour(2), limit: 100 }, breathe);
    expect(plan.fires.map((fire) => [fire.jobName, fire.scheduledTime])).toEqual([
      ['a', hour(0)],
      ['b', hour(0)],
      ['a', hour(1)],
      ['b', hour(1)],
    ]);
    expect(plan.completeTo).toBe(hour(2));
  });

  it('says up to when it is complete when there are too many', async () => {
    const plan = await planFires(jobs, { from: hour(0), to: hour(5), limit: 3 }, breathe);
    expect(plan.fires).toHaveLength(3);
    expect(plan.completeTo).toBe(hour(1));
  });

  it('breathes between slices of many jobs', async () => {
    let breaths = 0;
    const many = Array.from({ length: 5_000 }, () => jobs[0] as (typeof jobs)[0]);
    await planFires(many, { from: hour(0), to: hour(1), limit: 10 }, async () => {
      breaths += 1;
    });
    expect(breaths).toBe(5);
  });
});

describe('planRuns', () => {
  const breathe = async (): Promise<void> => {};
  const limitedTo = (name: string, maxRuns: number, facts: Partial<StoredJob> = {}, more: object = {}): StoredJob => {
    const document = { name, command: 'true', cronExpr: '0 * * * *', maxRuns, ...more };
    const parsed = { ok: true, ...parseJobDocument(document) } as const;
    return { name, revision: 1, createRevision: 1, parsed, ...facts };
  };
  const planOf = async (jobs: readonly StoredJob[], from: number, to: number, now: number, limit = 100) => {
    const all = jobs.flatMap(({ parsed }) => (parsed.ok ? [parsed.job] : []));
    const counted = async (names: readonly string[]) => jobs.filter(({ name }) => names.includes(name));
    const plan = await planRuns(() => all, { from, to, limit }, now, counted, breathe);
    return { ...plan, fires: plan.fires.map(({ jobName, scheduledTime }) => [jobName, scheduledTime]) };
  };

  it('ends with the last run a job may have, those between now and its beginning counted', async () => {
    const few = limitedTo('few', 5, { runCount: 3 });
    expect((await planOf([few], hour(2), hour(5), hour(0) + 1)).fires).toEqual([['few', hour(2)]]);
    expect((await planOf([few], hour(2), hour(5), hour(1) + 1)).fires).toEqual([
      ['few', hour(2)],
      ['few', hour(3)],
    ]);
    expect((await planOf([few], hour(2), hour(5), hour(1) - 1)).fires).toEqual([['few', hour(2)]]);
  });

  it('leaves what was due already as it is, and counts it once', async () => {
    const few = limitedTo('few', 5, { runCount: 3, decidedUntil: hour(3) });
    expect((await planOf([few], hour(1), hour(10), hour(3) + 1)).fires.map(([, at]) => at)).toEqual(
      [1, 2, 3, 4, 5].map(hour),
    );
    // Counted while the plan was made.
    expect((await planOf([few], hour(3), hour(10), hour(3) - 1)).fires.map(([, at]) => at)).toEqual(
      [3, 4, 5].map(hour),
    );
  });

  it('counts a fire that its jitter puts off still', async () => {
    const last = limitedTo('last', 5, { runCount: 4, decidedUntil: hour(11) }, { jitterSeconds: 1800 });
    expect((await planOf([last], hour(12) + 300_000, hour(20), hour(12) + 300_000)).fires).toEqual([]);
  });

  it('counts none before a pause ends, and nothing for years ahead', async () => {
    const paused = { paused: true, pausedUntil: new Date(hour(5)).toISOString() };
    const later = limitedTo('later', 3, { runCount: 0 }, paused);
    expect((await planOf([later], hour(6), hour(10), hour(0))).fires.map(([, at]) => at)).toEqual([6, 7].map(hour));
    const [from, to] = [Date.UTC(2090, 0, 1), Date.UTC(2090, 0, 1, 1)];
    expect((await planOf([limitedTo('far', 3)], from, to, hour(0))).fires).toHaveLength(1);
  });

  it('gives to others what jobs that are used up would take of its limit', async () => {
    const over = limitedTo('over', 1, { runCount: 1 }, { cronExpr: '* * * * * *' });
    const few = limitedTo('few', 5, { runCount: 3 });
    const plan = await planOf([over, few], hour(0) + 1, hour(5), hour(0) + 1, 2);
    expect(plan.fires.map(([, at]) => at)).toEqual([1, 2].map(hour));
    expect(await planOf([over], hour(0), hour(5), hour(0), 2)).toEqual({ fires: [], completeTo: hour(5) });
  });
});
