import { TrueStart } from '../accounting/ground-truth.js';

/**
 * How late each fire in [from, to) started that nothing of its own job held up: no earlier run was on, or without an
 * end yet, when it was due. Ascending, milliseconds. `endOf` gives the recorded end of a run that did not tell its own.
 */
export function latenessOfFree(
  starts: readonly TrueStart[],
  [from, to]: readonly [number, number],
  endOf: (runId: string) => number | undefined,
): number[] {
  const byJob = new Map<string, TrueStart[]>();
  for (const start of starts) {
    const ofJob = byJob.get(start.jobName);
    if (ofJob) ofJob.push(start);
    else byJob.set(start.jobName, [start]);
  }
  const late = [...byJob.values()].flatMap((ofJob) => {
    const ends = ofJob.map((start) => ({ start, end: trueEnd(start, endOf) }));
    return ofJob
      .filter(({ scheduledTime: at }) => at >= from && at < to)
      .filter((start) => !ends.some(({ start: other, end }) => isBefore(other, start) && end > start.scheduledTime))
      .map(({ startedAt, scheduledTime }) => startedAt - scheduledTime);
  });
  return late.sort((a, b) => a - b);
}

function isBefore(one: TrueStart, other: TrueStart): boolean {
  return one.scheduledTime < other.scheduledTime;
}

/** A run that was killed held its lock until its record says that it ended. */
function trueEnd({ how, endedAt = Infinity, runId }: TrueStart, endOf: (runId: string) => number | undefined): number {
  return how === 'byItself' ? endedAt : (endOf(runId) ?? Infinity);
}
