import { describe, expect, it } from 'vitest';
import { Job } from './job.js';
import { parseJobDocument } from './parse-job-document.js';
import { jitterMs, scheduleOf } from './schedule-of.js';

function job(fields: Record<string, unknown>): Job {
  return parseJobDocument({ name: 'hello', command: 'x', ...fields }).job;
}

describe('the schedule of a job', () => {
  it('is none without an expression', () => {
    expect(scheduleOf(job({}))).toBeUndefined();
  });

  it('keeps the window, and is compiled once', () => {
    const daily = job({ cronExpr: '0 0 * * *', startAt: '2026-01-05T00:00:00Z', endAt: '2026-01-06T00:00:00Z' });
    expect(scheduleOf(daily)?.next(0)).toBe(Date.UTC(2026, 0, 5));
    expect(scheduleOf(daily)?.next(Date.UTC(2026, 0, 5))).toBeUndefined();
    expect(scheduleOf(daily)).toBe(scheduleOf(daily));
  });
});

describe('jitter', () => {
  const minutely = job({ cronExpr: '* * * * *', jitterSeconds: 59 });
  const times = Array.from({ length: 2000 }, (_, i) => Date.UTC(2026, 0, 1) + i * 60_000);

  it('is none unless asked for', () => {
    expect(jitterMs(job({ cronExpr: '* * * * *' }), Date.UTC(2026, 0, 1))).toBe(0);
  });

  it('is the same in every process, for ever', () => {
    expect(times.slice(0, 3).map((time) => jitterMs(minutely, time))).toEqual([27_751, 38_835, 5925]);
  });

  it('spreads over its range and keeps fires in order', () => {
    const all = times.map((time) => jitterMs(minutely, time));
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...all)).toBeLessThan(1000);
    expect(Math.max(...all)).toBeLessThanOrEqual(59_000);
    expect(Math.max(...all)).toBeGreaterThan(58_000);
    const due = times.map((time, index) => time + (all[index] ?? 0));
    expect(due).toEqual(due.toSorted((a, b) => a - b));
  });
});
