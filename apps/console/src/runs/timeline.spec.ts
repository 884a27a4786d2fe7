import type { Run } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { timelineOf } from './timeline';

const base: Run = {
  id: 'r',
  jobName: 'j',
  trigger: 'schedule',
  status: 'succeeded',
  scheduledTime: '2026-11-21T01:00:00.000Z',
  count: 1,
  attempt: 1,
  rootRunId: 'r',
};
const ended: Run = {
  ...base,
  claimedAt: '2026-11-21T01:00:00.012Z',
  startTime: '2026-11-21T01:00:00.031Z',
  endTime: '2026-11-21T01:03:12.418Z',
};
const keys = (run: Run, now = Date.parse('2026-11-21T01:01:00Z')) => timelineOf(run, now).moments.map(({ key }) => key);

describe('the timeline of a run', () => {
  it('has the moments of its life in order', () => {
    expect(keys(ended)).toEqual(['planned', 'claimed', 'started', 'ended']);
    expect(keys({ ...base, status: 'queued', trigger: 'manual' })).toEqual(['asked', 'now']);
    expect(keys({ ...ended, status: 'running', endTime: undefined } as unknown as Run)).toEqual([
      'planned',
      'claimed',
      'started',
      'now',
    ]);
    expect(keys({ ...base, status: 'cancelled', endTime: ended.endTime! })).toEqual(['planned', 'ended']);
  });

  it('goes from 0 to 1 and never back', () => {
    for (const isNarrow of [false, true]) {
      const places = timelineOf(ended, 0, { isNarrow }).moments.map(({ place }) => place);
      expect(places).toEqual([...places].sort((left, right) => left - right));
      expect(places[0]).toBe(0);
      expect(places.at(-1)).toBeCloseTo(1);
    }
  });

  it('draws a wait of hours no longer than it needs', () => {
    const waited = { ...ended, scheduledTime: '2026-11-20T01:00:00.000Z' };
    const [, claimed] = timelineOf(waited, 0).moments;
    expect(claimed!.place).toBeLessThanOrEqual(0.2);
  });

  it('shows how far a running one is of what it usually takes', () => {
    const { endTime: _, ...running } = { ...ended, status: 'running' as const };
    const now = Date.parse('2026-11-21T01:01:00.031Z');
    const half = timelineOf(running, now, { usualMs: 120_000 });
    const [, , started, end] = half.moments;
    expect(half.usualPlace).toBe(1);
    expect((end!.place - started!.place) / (1 - started!.place)).toBeCloseTo(0.5);
    const late = timelineOf(running, now, { usualMs: 30_000 });
    expect(late.usualPlace).toBeUndefined();
    expect(late.moments.at(-1)!.place).toBeCloseTo(1);
  });
});
