import { describe, expect, it } from 'vitest';
import { compileSchedule } from './compile.js';
import type { Schedule } from './schedule.js';
import { secondOpinion } from './second-opinion.js';

const AFTER = Date.UTC(2026, 10, 20, 12);
const ask = (cronExpr: string, timezone = 'UTC') =>
  secondOpinion(compileSchedule({ cronExpr, timezone }, 'job'), cronExpr, timezone, AFTER);

describe('the second opinion', () => {
  it.each([
    ['* * * * *', 'UTC'],
    ['*/7 3-5 * * MON-FRI', 'Asia/Shanghai'],
    ['0 30 2 1 * *', 'Europe/Berlin'],
    ['0 0 29 2 *', 'UTC'],
    ['15 2 * * *', 'Australia/Lord_Howe'],
  ])('agrees on %s in %s', (cronExpr, timezone) => {
    expect(ask(cronExpr, timezone)).toBeUndefined();
  });

  it.each(['0 0 L * *', 'H H * * *', '@every 90s', '0 0 0 1 1 * 2027', '0 0 * * 5#2', '0 0 15W * *'])(
    'has no say about %s',
    (cronExpr) => {
      expect(ask(cronExpr)).toBeUndefined();
    },
  );

  it('names both lists when an engine is wrong', () => {
    const hour = 3_600_000;
    const wrong: Schedule = {
      next: (after) => (Math.floor(after / hour) + 1) * hour + 60_000,
      previous: () => undefined,
      count: () => 0,
      shortestIntervalMs: hour,
    };
    const found = secondOpinion(wrong, '0 * * * *', 'UTC', AFTER);
    expect(found?.ours[0]).toBe(AFTER + hour + 60_000);
    expect(found?.theirs.slice(0, 2)).toEqual([AFTER + hour, AFTER + 2 * hour]);
  });
});
