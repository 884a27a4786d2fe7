import type { Job, RecentRun } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import type { RunChange } from '@/live/changes';
import { RECENT_RUNS, withChanges } from './live-rows';

const AT = '2026-11-21T01:00:00.000Z';
const recent = (id: string, status: RecentRun['status']): RecentRun => ({ id, status, scheduledTime: AT });
const job = (part: Partial<Job> = {}): Job => ({
  name: 'nightly',
  revision: 1,
  state: 'enabled',
  running: 0,
  recentRuns: [],
  ...part,
});
const told = (id: string, status: RunChange['status'], jobName = 'nightly'): RunChange => ({
  kind: 'run',
  id,
  jobName,
  status,
  scheduledTime: AT,
  attempt: 1,
  revision: 1,
});
const next = (before: Job, ...changes: RunChange[]) => withChanges([before], changes)[0];

describe('withChanges', () => {
  it('leaves a list alone that nothing happened to', () => {
    const jobs = [job()];
    expect(withChanges(jobs, [told('r1', 'running', 'other')])).toBe(jobs);
    expect(withChanges(jobs, [{ kind: 'worker', id: 'w', change: 'gone', revision: 1 }])).toBe(jobs);
  });

  it('touches only the row it happened to', () => {
    const other = job({ name: 'other' });
    const [first, second] = withChanges([other, job()], [told('r1', 'running')]);
    expect(first).toBe(other);
    expect(second?.running).toBe(1);
  });

  it('shows a run that starts, and its outcome when it ends', () => {
    const started = next(job({ recentRuns: [recent('r0', 'succeeded')] }), told('r1', 'running')) as Job;
    expect(started).toMatchObject({ running: 1, recentRuns: [{ id: 'r0' }] });
    expect(next(started, told('r1', 'failed'))).toMatchObject({
      running: 0,
      recentRuns: [{ id: 'r1', status: 'failed' }, { id: 'r0' }],
    });
  });

  it('shows a run that waits as waiting, until it starts', () => {
    const waiting = next(job(), told('r1', 'queued')) as Job;
    expect(waiting).toMatchObject({ running: 1, queued: 1 });
    expect(next(waiting, told('r1', 'running'))).toMatchObject({ running: 1, queued: 0 });
    expect(next(waiting, told('r1', 'cancelled'))).toMatchObject({ running: 0, queued: 0 });
  });

  it('counts no run twice, whatever it read meanwhile', () => {
    expect(next(job({ running: 1 }), told('r1', 'running'))?.running).toBe(1);
    const read = job({ running: 1, recentRuns: [recent('r1', 'failed')] });
    expect(next(read, told('r1', 'failed'))).toBe(read);
    expect(next(read, told('r1', 'running'))).toBe(read);
  });

  it('takes a skipped or missed fire for an outcome, not for the end of a run', () => {
    expect(next(job({ running: 1 }), told('r1', 'skipped'))).toMatchObject({
      running: 1,
      recentRuns: [{ status: 'skipped' }],
    });
  });

  it('keeps as many outcomes as are shown', () => {
    const full = job({ recentRuns: Array.from({ length: RECENT_RUNS }, (_, n) => recent(`r${n}`, 'succeeded')) });
    expect(next(full, told('new', 'lost'))?.recentRuns).toHaveLength(RECENT_RUNS);
  });
});
