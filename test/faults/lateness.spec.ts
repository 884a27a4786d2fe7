import { expect, it } from 'vitest';
import { TrueStart } from '../accounting/ground-truth.js';
import { latenessOfFree } from './lateness.js';

const SPAN = [0, 10_000] as const;

function start(scheduledTime: number, lateMs: number, more: Partial<TrueStart> = {}): TrueStart {
  const startedAt = scheduledTime + lateMs;
  const ran = { startedAt, endedAt: startedAt + 100, how: 'byItself' as const };
  const about = { jobName: 'a', runId: `${scheduledTime}`, attempt: 1, trigger: 'schedule', jobRevision: 0 };
  return { ...about, isExclusive: true, scheduledTime, ...ran, ...more };
}

const unknown = (): undefined => undefined;

it('gives the lateness of fires within the span, ascending', () => {
  const starts = [start(0, 30), start(1_000, 20), start(10_000, 5), start(2_000, 2_500)];
  expect(latenessOfFree(starts, SPAN, unknown)).toEqual([20, 30, 2_500]);
});

it('leaves out a fire that was due while an earlier run of its job was on', () => {
  const starts = [start(0, 30, { endedAt: 1_500 }), start(1_000, 600), start(2_000, 10)];
  expect(latenessOfFree(starts, SPAN, unknown)).toEqual([10, 30]);
  expect(latenessOfFree([starts[0]!, start(1_000, 600, { jobName: 'b' })], SPAN, unknown)).toEqual([30, 600]);
});

it('takes a killed run as on until its record says that it ended, and for ever where none does', () => {
  const killed = start(0, 30, { how: 'killed', endedAt: 30 });
  const next = [start(1_000, 700), start(2_000, 40)];
  expect(latenessOfFree([killed, ...next], SPAN, () => 1_600)).toEqual([30, 40]);
  expect(latenessOfFree([killed, ...next], SPAN, unknown)).toEqual([30]);
});
