import { Job, parseJobDocument } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import { nextFireOf } from './job-state.js';

const MIDNIGHT = Date.UTC(2026, 0, 1);
const HALF_HOUR = 1_800_000;

function jobOf(fields: object): Job {
  return parseJobDocument({ name: 'tick', command: 'true', cronExpr: '30 * * * *', ...fields }).job;
}

describe('the next fire of a job', () => {
  it('is the same however often and in whatever order it is asked for', () => {
    const job = jobOf({});
    const asked = [0, 1, HALF_HOUR - 1, HALF_HOUR, 3 * HALF_HOUR, 5 * HALF_HOUR, 0, HALF_HOUR, -1, 2 * HALF_HOUR];
    for (const ms of asked) {
      expect(nextFireOf(job, MIDNIGHT + ms)).toBe(nextFireOf(jobOf({}), MIDNIGHT + ms));
    }
    expect(nextFireOf(job, MIDNIGHT)).toBe(MIDNIGHT + HALF_HOUR);
  });

  it.each([
    ['a pause without end', { paused: true }, undefined],
    ['no schedule', { cronExpr: undefined }, undefined],
    ['an end in the past', { endAt: '2025-01-01T00:00:00Z' }, undefined],
    ['a pause that ends', { paused: true, pausedUntil: '2026-01-01T02:30:00Z' }, MIDNIGHT + 5 * HALF_HOUR],
  ])('with %s is what it should be, also the second time', (_what, fields, expected) => {
    const job = jobOf(fields);
    expect([nextFireOf(job, MIDNIGHT), nextFireOf(job, MIDNIGHT)]).toEqual([expected, expected]);
  });
});
