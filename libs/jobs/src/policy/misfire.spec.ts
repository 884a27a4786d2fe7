import { describe, expect, it } from 'vitest';
import { parseJobDocument } from '../job/parse-job-document.js';
import { compileSchedule } from '../schedule/compile.js';
import { type FireQuestion, planNextFire } from './misfire.js';

const HOUR = Date.UTC(2026, 0, 1, 1);
const MINUTE = 60_000;
const MAX_CATCH_UP = 100;

/** What is to be done `late` ms after the hour, when everything up to `decided` ms after it has been decided. */
function plan(fields: object, late: number, decided: number, cronExpr = '* * * * *', jitter = 0) {
  const { job } = parseJobDocument({ name: 'job', command: 'true', cronExpr, ...fields });
  const question: FireQuestion = {
    schedule: compileSchedule({ cronExpr, timezone: 'UTC' }, 'job'),
    job: { ...job, jitterSeconds: jitter / 1000 },
    jitter: () => jitter,
    decidedUntil: HOUR + decided,
    now: HOUR + late,
  };
  const found = planNextFire(question);
  if (!found) return undefined;
  const gap = found.gap.map(({ from, to, count, reason }) => [from - HOUR, to - HOUR, count, reason]);
  return {
    kind: found.kind,
    at: found.at - HOUR,
    gap,
    ...(found.kind === 'claim' ? { isCatchUp: found.isCatchUp } : {}),
  };
}

describe('the next thing to decide', () => {
  it('is nothing while no fire is due', () => {
    expect(plan({}, -1, -MINUTE)).toBeUndefined();
    expect(plan({}, 10, 0)).toBeUndefined();
  });

  it('is to run the fire that is due', () => {
    expect(plan({}, 5, -MINUTE)).toEqual({ kind: 'claim', at: 0, gap: [], isCatchUp: false });
  });

  it('is in time up to the starting deadline, and not a moment later', () => {
    const daily = '0 1 * * *';
    expect(plan({}, 60_000, -MINUTE, daily)).toMatchObject({ kind: 'claim', isCatchUp: false });
    expect(plan({}, 60_001, -MINUTE, daily)).toMatchObject({ kind: 'claim', isCatchUp: true });
    expect(plan({ misfirePolicy: 'skip' }, 60_001, -MINUTE, daily)).toMatchObject({ kind: 'miss', at: 0 });
  });

  it('is the latest of several in time, the older ones superseded', () => {
    expect(plan({ startingDeadlineSeconds: 300 }, 3 * MINUTE, -MINUTE)).toEqual({
      kind: 'claim',
      at: 3 * MINUTE,
      gap: [[0, 2 * MINUTE, 3, 'superseded']],
      isCatchUp: false,
    });
  });

  it('is each of several in time where runs may overlap, oldest first', () => {
    const fields = { startingDeadlineSeconds: 120, concurrencyPolicy: 'allow' };
    expect(plan(fields, 3 * MINUTE, -MINUTE)).toMatchObject({ at: MINUTE, gap: [[0, 0, 1, 'deadline']] });
    expect(plan(fields, 3 * MINUTE, MINUTE)).toMatchObject({ at: 2 * MINUTE, gap: [] });
  });

  it('under runOnce is the latest within the window, late as it is', () => {
    const hourly = '0 * * * *';
    expect(plan({}, 90 * MINUTE, -3 * 60 * MINUTE, hourly)).toEqual({
      kind: 'claim',
      at: 60 * MINUTE,
      gap: [[-2 * 60 * MINUTE, 0, 3, 'superseded']],
      isCatchUp: true,
    });
    expect(plan({ misfireWindowSeconds: 60 }, 90 * MINUTE, -MINUTE, hourly)).toEqual({
      kind: 'miss',
      at: 60 * MINUTE,
      gap: [[0, 0, 1, 'deadline']],
    });
  });

  it('under runAll is every one, oldest first, also when a fresh one is in time', () => {
    const fields = { misfirePolicy: 'runAll' };
    expect(plan(fields, 10 * MINUTE, -MINUTE)).toEqual({ kind: 'claim', at: 0, gap: [], isCatchUp: true });
    expect(plan(fields, 10 * MINUTE, 9 * MINUTE)).toEqual({
      kind: 'claim',
      at: 10 * MINUTE,
      gap: [],
      isCatchUp: false,
    });
  });

  it('under runAll leaves out what is older than the window, and all but the newest hundred', () => {
    const window = { misfirePolicy: 'runAll', misfireWindowSeconds: 300 };
    expect(plan(window, 10 * MINUTE, -MINUTE)).toMatchObject({ at: 5 * MINUTE, gap: [[0, 4 * MINUTE, 5, 'deadline']] });
    const late = 500 * MINUTE;
    expect(plan({ misfirePolicy: 'runAll' }, late, -MINUTE)).toMatchObject({
      at: late - (MAX_CATCH_UP - 1) * MINUTE,
      gap: [[0, late - MAX_CATCH_UP * MINUTE, 401, 'deadline']],
    });
  });

  it('waits for the jitter, and counts lateness from then', () => {
    const daily = '0 1 * * *';
    expect(plan({}, 4999, -MINUTE, daily, 5000)).toBeUndefined();
    expect(plan({}, 5000, -MINUTE, daily, 5000)).toMatchObject({ kind: 'claim', isCatchUp: false });
    expect(plan({}, 65_000, -MINUTE, daily, 5000)).toMatchObject({ isCatchUp: false });
    expect(plan({}, 65_001, -MINUTE, daily, 5000)).toMatchObject({ isCatchUp: true });
  });

  it.each(['runOnce', 'runAll'])('counts the window from when a fire was due, too: %s', (misfirePolicy) => {
    const daily = '0 1 * * *';
    const fields = { misfirePolicy, misfireWindowSeconds: 600 };
    const jitter = 60 * MINUTE;
    expect(plan(fields, jitter, -MINUTE, daily, jitter)).toMatchObject({ kind: 'claim', isCatchUp: false });
    expect(plan(fields, jitter + 5 * MINUTE, -MINUTE, daily, jitter)).toMatchObject({ kind: 'claim', isCatchUp: true });
    expect(plan(fields, jitter + 11 * MINUTE, -MINUTE, daily, jitter)).toMatchObject({ kind: 'miss' });
  });

  it('accounts for every fire exactly once, however it is cut', () => {
    for (const fields of [{}, { misfirePolicy: 'skip' }, { misfirePolicy: 'runAll' }, { concurrencyPolicy: 'allow' }]) {
      const seen: number[] = [];
      for (let decided = -MINUTE, now = 0; now <= 40 * MINUTE; now += 7 * MINUTE) {
        for (let next = plan(fields, now, decided); next; next = plan(fields, now, decided)) {
          for (const [from = 0, to = 0] of next.gap as number[][]) {
            for (let fire = from; fire <= to; fire += MINUTE) seen.push(fire);
          }
          seen.push(next.at);
          decided = next.at;
        }
      }
      expect(seen).toEqual(Array.from({ length: 36 }, (_, index) => index * MINUTE));
    }
  });
});
