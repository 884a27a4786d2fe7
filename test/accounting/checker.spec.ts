import type { Run } from '@app/jobs';
import { ManualClock } from '@app/platform';
import { beforeAll, describe, expect, it } from 'vitest';
import { live, type Past } from '../simulation/scenario.js';
import { check } from './checker.js';
import { GroundTruth, type TrueStart } from './ground-truth.js';
import { Timeline } from './timeline.js';

/** A world without trouble, from which single lines are taken, doubled and shifted. */
const CALM_SEED = 12;
/** Far from every change of a definition, where nothing is certain. */
const MARGIN_MS = 5000;

const shift = (start: TrueStart, byMs: number): void => {
  Object.assign(start, { startedAt: start.startedAt + byMs, endedAt: (start.endedAt ?? 0) + byMs });
};

describe('the checker', () => {
  let past: Past;
  let starts: TrueStart[];
  let records: Map<string, Run>;

  beforeAll(async () => {
    past = await live(CALM_SEED);
  });

  const judge = (timelines: readonly Timeline[] = past.timelines): string[] => {
    const truth = new GroundTruth(new ManualClock());
    truth.starts.push(...starts);
    return check(timelines, truth, records, past.end);
  };
  /** A fire well inside the world that ran and succeeded, of a job that may not overlap. */
  const ordinary = (): { start: TrueStart; record: Run } => {
    const times = past.truth.starts.map(({ startedAt }) => startedAt);
    const [from, to] = [Math.min(...times) + MARGIN_MS, Math.max(...times) - MARGIN_MS];
    const isWithin = ({ scheduledTime }: TrueStart): boolean => scheduledTime > from && scheduledTime < to;
    for (const start of starts) {
      const record = records.get(start.runId);
      const isOrdinary = start.isExclusive && start.trigger === 'schedule' && record?.status === 'succeeded';
      if (isOrdinary && isWithin(start)) return { start, record };
    }
    throw new Error('this world has no ordinary run: take another seed');
  };
  const fresh = (): void => {
    starts = past.truth.starts.map((start) => ({ ...start }));
    records = new Map(past.records);
  };

  it('finds nothing in a good world', () => {
    fresh();
    expect(past.profile).toBe('calm');
    expect(starts.length).toBeGreaterThan(20);
    expect([...past.seen, ...judge()]).toEqual([]);
  });

  it.each<[what: string, deed: (start: TrueStart, record: Run) => void, named: RegExp]>([
    ['a start twice', (start) => starts.push({ ...start }), /^duplicate: .* started at \d+ and \d+/],
    [
      'a fire started under another run id',
      (start) => starts.push({ ...start, runId: 'other' }),
      /^duplicate: \S+ \d+ 1 started/,
    ],
    ['a record that is gone', (start) => records.delete(start.runId), /^silent miss: /],
    ['a run that nobody recorded', (start) => records.delete(start.runId), /^no record of /],
    [
      'a record of another fire',
      (_start, record) =>
        records.set('shifted', { ...record, id: 'shifted', scheduledTime: record.scheduledTime + 500 }),
      /^not planned: /,
    ],
    [
      'a fire recorded twice',
      (_start, record) => records.set('again', { ...record, id: 'again', status: 'missed' }),
      /^accounted twice: .*:succeeded, again:missed/,
    ],
    [
      'a stretch over a fire that ran',
      (_start, { scheduledTime, ...record }) => {
        const stretch = { scheduledTime: scheduledTime - 1, untilTime: scheduledTime + 1, count: 2 };
        records.set('stretch', { ...record, ...stretch, id: 'stretch', status: 'skipped' });
      },
      /^accounted twice: /,
    ],
    ['a start too early', (start) => shift(start, -10_000), /^early: /],
    [
      'two runs at once',
      (start) => starts.splice(starts.indexOf(start) + 1, 0, { ...start, runId: 'beside', trigger: 'manual' }),
      /^overlap: beside of /,
    ],
    [
      'a run said to be missed',
      (_start, record) => records.set(record.id, { ...record, status: 'missed', reason: 'deadline' }),
      /^lying record: \S+ ran, and is missed/,
    ],
    [
      'a success that was killed',
      (start) => Object.assign(start, { how: 'killed' }),
      /^lying record: \S+ is succeeded, and was killed/,
    ],
    [
      'a success that never started',
      (start) => starts.splice(starts.indexOf(start), 1),
      /^lying record: \S+ is succeeded, and never started/,
    ],
    [
      'a run without an end',
      (_start, record) => records.set(record.id, { ...record, status: 'running' }),
      /^never ended: /,
    ],
  ])('names %s', (_what, deed, named) => {
    fresh();
    const { start, record } = ordinary();
    deed(start, record);
    expect(judge()).toContainEqual(expect.stringMatching(named));
  });

  it('names a start too late, of a job that wants none so late', () => {
    fresh();
    const { start } = ordinary();
    shift(start, 45_000);
    const wanting = (latestStartMs: number): Timeline[] =>
      past.timelines.map((timeline): Timeline => Object.assign(Object.create(timeline), { latestStartMs }));
    expect(judge(wanting(30_000))).toContainEqual(expect.stringMatching(/^late: \S+ of \S+ started \d+ ms after /));
    expect(judge(wanting(60_000)).filter((found) => found.startsWith('late'))).toEqual([]);
  });

  it('judges an hour of fifty jobs that fire each second', () => {
    const HOUR_MS = 3_600_000;
    const timelines = Array.from({ length: 50 }, (_, index) => new Timeline(`tick-${index}`));
    const truth = new GroundTruth(new ManualClock());
    const kept = new Map<string, Run>();
    for (const timeline of timelines) {
      timeline.changed(1000, 0);
      for (const scheduledTime of timeline.certainFires(HOUR_MS)) {
        const { jobName } = timeline;
        const fire = { jobName, trigger: 'schedule', scheduledTime, attempt: 1, jobRevision: 1 } as const;
        const [startTime, endTime] = [scheduledTime + 40, scheduledTime + 60];
        const id = `${jobName}-${scheduledTime}`;
        const told = { isExclusive: true, startedAt: startTime, endedAt: endTime, how: 'byItself' } as const;
        truth.starts.push({ ...fire, ...told, runId: id });
        kept.set(id, { ...fire, id, rootRunId: id, status: 'succeeded', count: 1, startTime, endTime, worker: 'w1' });
      }
    }
    expect(truth.starts.length).toBeGreaterThan(170_000);
    expect(check(timelines, truth, kept, HOUR_MS)).toEqual([]);
    kept.delete('tick-7-1800000');
    expect(check(timelines, truth, kept, HOUR_MS)).toContainEqual(expect.stringContaining('tick-7'));
  });
});
