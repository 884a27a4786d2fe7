import type { TimelineRow } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { drawHours, drawMarks } from './shapes';
import { inShownOrder, middleOf, nearestSpot, patchedRow, spotsOf } from './spots';
import { wayOfSpot } from './way-of-spot';

const FROM = Date.parse('2026-11-21T00:00:00Z');
const HOUR = 3_600_000;
const NOW = FROM + 2 * HOUR;
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
  const spots = spotsOf(row, NOW);

  it('is found by its distance in pixels', () => {
    expect(nearestSpot(spots, 104, axis)).toBe(0);
    expect(nearestSpot(spots, 160, axis)).toBe(1);
  });

  it('is none where all are out of reach, or there are none', () => {
    expect(nearestSpot(spots, 150, { ...axis, reach: 10 })).toBe(-1);
    expect(nearestSpot([], 150, axis)).toBe(-1);
  });

  it('of an hour is counted from its middle', () => {
    const [hour] = spotsOf(busy, NOW);
    expect(middleOf(hour!, span, 1_000)).toBe(150);
    // Half of it lies before the window.
    expect(middleOf(hour!, { from: FROM + 1.5 * HOUR, to: FROM + 11.5 * HOUR }, 1_000)).toBe(25);
  });
});

describe('the hour that holds the present', () => {
  const hour = { at: iso(1), untilAt: iso(2), planned: 40, counts: { succeeded: 19, failed: 1 } };
  const at = (hours: number) =>
    spotsOf({ buckets: [hour] }, FROM + hours * HOUR).map((spot) => spot.kind === 'hour' && [spot.at, spot.untilAt]);
  const middle = FROM + 1.5 * HOUR;

  it('is two: what was up to now, and what is to come', () => {
    expect(spotsOf({ buckets: [hour] }, middle)).toEqual([
      { kind: 'hour', at: FROM + HOUR, untilAt: middle, counts: hour.counts, planned: 0 },
      { kind: 'hour', at: middle, untilAt: FROM + 2 * HOUR, counts: {}, planned: 40 },
    ]);
  });

  it('is one where nothing was yet, or nothing is to come', () => {
    expect(spotsOf({ buckets: [{ ...hour, counts: {} }] }, middle)).toMatchObject([{ at: middle, planned: 40 }]);
    expect(spotsOf({ buckets: [{ ...hour, planned: 0 }] }, middle)).toMatchObject([{ untilAt: middle, planned: 0 }]);
  });

  it('that is over since it was counted has nothing to come; one ahead is whole', () => {
    expect(spotsOf({ buckets: [hour] }, FROM + 2 * HOUR)).toMatchObject([{ planned: 0, counts: hour.counts }]);
    expect(at(1)).toEqual([[FROM + HOUR, FROM + 2 * HOUR]]);
  });

  it('is drawn on either side of now', () => {
    const [was, comes] = ['succeeded', 'planned'].map(
      (status) =>
        drawHours(spotsOf({ buckets: [hour] }, middle), span, 1_000).find((each) => each.status === status)?.d,
    );
    expect(was).toMatch(/^M100\.0 [\d.]+h49\.0v/);
    expect(comes).toMatch(/^M150\.0 [\d.]+h49\.0v/);
  });

  it('leads to its runs, and to the plan for what is to come', () => {
    const [was, comes] = spotsOf({ buckets: [hour] }, middle);
    expect(wayOfSpot('busy', was!)).toMatchObject({ name: 'runs', query: { from: iso(1), to: iso(1.5) } });
    expect(wayOfSpot('busy', comes!)).toMatchObject({ name: 'job', query: { tab: 'plan' } });
  });
});

describe('a row', () => {
  it('is drawn as one path for each status, the bad ones on top, what lies outside left out', () => {
    const drawn = drawMarks(spotsOf(row, NOW), span, 1_000);
    expect(drawn.map(({ status }) => status)).toEqual(['planned', 'succeeded', 'failed']);
    expect(drawn[0]?.d.match(/M/g)).toHaveLength(1);
  });

  it('of a job that fires often is drawn by the hour, and one failure of thousands is seen', () => {
    const drawn = drawHours(spotsOf(busy, NOW), span, 1_000);
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
