import type { TimelineRow } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { drawHours, drawMarks } from './shapes';
import { inShownOrder, middleOf, nearestSpot, patchedRow, spotsOf } from './spots';

const FROM = Date.parse('2026-11-21T00:00:00Z');
const HOUR = 3_600_000;
const span = { from: FROM, to: FROM + 10 * HOUR };
const axis = { span, width: 1_000 };
const iso = (hours: number): string => new Date(FROM + hours * HOUR).toISOString();

const row: TimelineRow = {
  jobName: 'hourly',
  state: 'enabled',
  marks: [
    { at: iso(1), status: 'succeeded', runId: 'a.1' },
    { at: iso(2), status: 'failed', runId: 'b.1' },
    { at: iso(3), status: 'planned' },
    { at: iso(40), status: 'planned' },
  ],
};
const busy: TimelineRow = {
  jobName: 'busy',
  state: 'enabled',
  buckets: [
    { at: iso(1), untilAt: iso(2), planned: 0, counts: { succeeded: 3_599, failed: 1 } },
    { at: iso(2), untilAt: iso(3), planned: 3_600, counts: {} },
  ],
};

describe('the nearest spot', () => {
  const spots = spotsOf(row);

  it('is found by its distance in pixels', () => {
    expect(nearestSpot(spots, 104, axis)).toBe(0);
    expect(nearestSpot(spots, 160, axis)).toBe(1);
  });

  it('is none where all are out of reach, or there are none', () => {
    expect(nearestSpot(spots, 150, { ...axis, reach: 10 })).toBe(-1);
    expect(nearestSpot([], 150, axis)).toBe(-1);
  });

  it('of an hour is counted from its middle', () => {
    const [hour] = spotsOf(busy);
    expect(middleOf(hour!, span, 1_000)).toBe(150);
    // Half of it lies before the window.
    expect(middleOf(hour!, { from: FROM + 1.5 * HOUR, to: FROM + 11.5 * HOUR }, 1_000)).toBe(25);
  });
});

describe('a row', () => {
  it('is drawn as one path for each status, the bad ones on top, what lies outside left out', () => {
    const drawn = drawMarks(spotsOf(row), span, 1_000);
    expect(drawn.map(({ status }) => status)).toEqual(['planned', 'succeeded', 'failed']);
    expect(drawn[0]?.d.match(/M/g)).toHaveLength(1);
  });

  it('of a job that fires often is drawn by the hour, and one failure of thousands is seen', () => {
    const drawn = drawHours(spotsOf(busy), span, 1_000);
    expect(drawn.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'planned']);
    expect(drawn[1]?.d).toContain('v-4h');
  });

  it('takes what happens to one of its fires, and else stays the same object', () => {
    const patched = patchedRow(row, { at: iso(3), status: 'running', runId: 'c.1' });
    expect(patched.marks?.[2]).toEqual({ at: iso(3), status: 'running', runId: 'c.1' });
    expect(patchedRow(row, { at: iso(1), status: 'succeeded', runId: 'a.1' })).toBe(row);
    expect(patchedRow(row, { at: iso(9), status: 'running', runId: 'z.1' })).toBe(row);
    expect(patchedRow(busy, { at: iso(1), status: 'running', runId: 'z.1' })).toBe(busy);
  });
});

describe('rows that are read again', () => {
  const of = (text: string) => [...text].map((jobName) => ({ jobName }));
  const order = (now: string, shown: string) =>
    inShownOrder(of(now), [...shown])
      .map(({ jobName }) => jobName)
      .join('');

  it.each([
    ['bca', 'abc', 'abc'],
    ['cxab', 'abc', 'axbc'],
    ['ca', 'abc', 'ac'],
    ['abc', '', 'abc'],
  ])('%s where %s was shown stand as %s', (now, shown, expected) => expect(order(now, shown)).toBe(expected));
});
