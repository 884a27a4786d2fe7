import { isTerminal, type Run } from '@app/jobs';
import type { GroundTruth, TrueStart } from './ground-truth.js';
import type { Timeline } from './timeline.js';

const RAN = new Set(['succeeded', 'failed', 'timedOut', 'killed', 'lost']);
const EARLY_MS = 2500;
/** A claim made at the last moment may start for as long as the session that made it holds. */
const SESSION_MS = 10_000;

/** Joins what was planned, what happened and what was recorded; names everything that does not fit. */
export function check(
  timelines: readonly Timeline[],
  truth: GroundTruth,
  records: ReadonlyMap<string, Run>,
  end: number,
): string[] {
  const startsOf = byJob(truth.starts);
  const recordsOf = byJob(records.values());
  return [
    ...duplicates(truth),
    ...overlaps(truth),
    ...early(truth),
    ...lies(truth, records),
    ...timelines.flatMap((timeline) => {
      const starts = startsOf.get(timeline.jobName) ?? [];
      return [
        ...late(timeline, starts, records),
        ...stale(timeline, starts, records),
        ...accounts(timeline, recordsOf.get(timeline.jobName) ?? [], end),
      ];
    }),
  ];
}

function byJob<T extends { readonly jobName: string }>(all: Iterable<T>): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(each.jobName);
    if (group) group.push(each);
    else groups.set(each.jobName, [each]);
  }
  return groups;
}

function isFire({ trigger }: { readonly trigger: string }): boolean {
  return trigger === 'schedule' || trigger === 'catchUp';
}

function* duplicates({ starts }: GroundTruth): Generator<string> {
  const seen = new Map<string, TrueStart>();
  for (const start of starts) {
    const key = isFire(start) ? `${start.jobName} ${start.scheduledTime} ${start.attempt}` : start.runId;
    if (seen.has(key)) yield `duplicate: ${key} started at ${seen.get(key)?.startedAt} and ${start.startedAt}`;
    seen.set(key, start);
  }
}

function* overlaps({ starts }: GroundTruth): Generator<string> {
  const running = new Map<string, TrueStart>();
  for (const start of starts) {
    if (!start.isExclusive) continue;
    const before = running.get(start.jobName);
    if (before && (before.endedAt === undefined || before.endedAt > start.startedAt)) {
      yield `overlap: ${start.runId} of ${start.jobName} at ${start.startedAt} beside ${before.runId} until ${before.endedAt}`;
    }
    running.set(start.jobName, start);
  }
}

function* early({ starts }: GroundTruth): Generator<string> {
  for (const start of starts) {
    if (start.startedAt < start.scheduledTime - EARLY_MS) yield `early: ${start.runId} of ${start.jobName}`;
  }
}

/** A fire that nobody was there for in time may only run when its record says that it was caught up. */
function* late(
  { jobName, latestStartMs }: Timeline,
  starts: readonly TrueStart[],
  records: ReadonlyMap<string, Run>,
): Generator<string> {
  for (const { runId, scheduledTime, startedAt, attempt, ...start } of starts) {
    const lateMs = startedAt - scheduledTime;
    if (attempt !== 1 || lateMs <= latestStartMs + SESSION_MS) continue;
    const trigger = records.get(runId)?.trigger ?? start.trigger;
    if (trigger === 'schedule') yield `late: ${runId} of ${jobName} started ${lateMs} ms after ${scheduledTime}`;
  }
}

/** Once a change is acknowledged, no claim is made by what stood there before. */
function* stale(
  timeline: Timeline,
  starts: readonly TrueStart[],
  records: ReadonlyMap<string, Run>,
): Generator<string> {
  for (const { jobName, runId, definition } of starts) {
    const claimedAt = records.get(runId)?.claimedAt;
    if (definition === undefined || claimedAt === undefined) continue;
    const newest = timeline.definitionAt(claimedAt);
    if (definition < newest) {
      yield `stale definition: ${runId} of ${jobName} was claimed by ${definition} at ${claimedAt}, when ${newest} held`;
    }
  }
}

function* lies({ starts }: GroundTruth, records: ReadonlyMap<string, Run>): Generator<string> {
  const started = new Map(starts.map((start) => [start.runId, start]));
  for (const start of started.values()) {
    const record = records.get(start.runId);
    if (!record) yield `no record of ${start.runId} of ${start.jobName}, which started at ${start.startedAt}`;
    else if (!RAN.has(record.status))
      yield `lying record: ${start.runId} ran, and is ${record.status} (${record.reason})`;
  }
  for (const record of records.values()) {
    const start = started.get(record.id);
    if (!isTerminal(record.status)) yield `never ended: ${record.id} of ${record.jobName} is ${record.status}`;
    if ((record.status === 'succeeded' || record.status === 'failed') && start?.how !== 'byItself') {
      yield `lying record: ${record.id} is ${record.status}, and ${start ? `was ${start.how}` : 'never started'}`;
    }
  }
}

function* accounts(timeline: Timeline, records: readonly Run[], end: number): Generator<string> {
  const mine = records
    .filter((run) => run.attempt === 1 && isFire(run))
    .sort((a, b) => a.scheduledTime - b.scheduledTime);
  const times = mine.map((run) => ({ from: run.scheduledTime, to: run.untilTime ?? run.scheduledTime, run }));
  let covering: typeof times = [];
  let next = 0;
  for (const fire of timeline.certainFires(end)) {
    for (let time = times[next]; time !== undefined && time.from <= fire; time = times[++next]) covering.push(time);
    covering = covering.filter(({ to }) => fire <= to);
    if (covering.length === 0) yield `silent miss: ${timeline.jobName} at ${fire}`;
    if (covering.length > 1) {
      const ids = covering.map(({ run }) => `${run.id}:${run.status}`).join(', ');
      yield `accounted twice: ${timeline.jobName} at ${fire}: ${ids}`;
    }
  }
  for (const { from, to, run } of times) {
    if (from === to && timeline.isForbidden(from)) yield `not planned: ${timeline.jobName} at ${from} is ${run.status}`;
  }
}
