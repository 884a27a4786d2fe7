import { compileSchedule } from '@app/jobs';
import type { Random } from '../simulation/random.js';
import type { WorldJob } from './seeded-world-jobs.js';

/** What became of a fire of the world. `retried`: lost, and its retry succeeded. */
export const KINDS = [
  'succeeded',
  'failed',
  'timedOut',
  'killed',
  'skipped',
  'lost',
  'retried',
  'missed',
  'manual',
] as const;

export type Kind = (typeof KINDS)[number];

/** One thing that happened to one job. */
export interface Happening {
  /** Index of the job. */
  readonly job: number;
  /** Scheduled time, epoch milliseconds; of a stretch the first one. */
  readonly at: number;
  readonly kind: Kind;
}

/** Consecutive fires nobody took. */
export interface MissedStretch {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What happened to all jobs, kept small: a million happenings are some 20 MB. */
export class WorldHistory {
  /** Records they come to. */
  records = 0;
  /** By index of the job: a job misses one stretch at most. */
  readonly missed = new Map<number, MissedStretch>();
  /** Fires that were run, by index of the job. */
  readonly runCounts = new Map<number, number>();
  private readonly jobs: number[] = [];
  private readonly times: number[] = [];
  private readonly kinds: number[] = [];

  add(job: number, at: number, kind: Kind): void {
    this.jobs.push(job);
    this.times.push(at);
    this.kinds.push(KINDS.indexOf(kind));
    this.records += kind === 'retried' ? 2 : 1;
    if (kind === 'manual' || kind === 'missed' || kind === 'skipped') return;
    this.runCounts.set(job, (this.runCounts.get(job) ?? 0) + 1);
  }

  /** As time went by. */
  *inOrder(): Generator<Happening> {
    const order = Uint32Array.from(this.times, (_, index) => index);
    order.sort((a, b) => (this.times[a] as number) - (this.times[b] as number) || a - b);
    for (const index of order) {
      const kind = KINDS[this.kinds[index] as number] as Kind;
      yield { job: this.jobs[index] as number, at: this.times[index] as number, kind };
    }
  }
}

/** Somebody runs a job by hand so long before it fires. */
const MANUAL_BEFORE_MS = 437_000;

/** Makes up the past of one more job in [from, to): at most as many records as `span.records` leaves. */
export function liveThrough(
  history: WorldHistory,
  index: number,
  job: WorldJob,
  span: { readonly from: number; readonly to: number; readonly records: number },
  random: Random,
): void {
  const left = span.records - history.records;
  if (left <= 0) return;
  const bornAt = random.chance(0.5) ? span.from : span.from + random.next() * (span.to - span.from);
  const fires = firesOf(job, bornAt, span.to, Math.min(left, mostRecordsOfAJob(span.records)));
  happen(history, index, job, fires, span.records, random);
}

/** No job has more than a tenth of all records, where there are many. */
export function mostRecordsOfAJob(records: number): number {
  return Math.max(60, Math.floor(records / 10));
}

/** The newest fires of the job in [from, to), ascending. */
function firesOf({ past, document }: WorldJob, from: number, to: number, most: number): readonly number[] {
  if (!past) return [];
  const schedule = compileSchedule(past, document.name);
  const fires: number[] = [];
  for (let at = schedule.next(from - 1); at !== undefined && at < to; at = schedule.next(at)) fires.push(at);
  return fires.slice(-most);
}

function happen(
  history: WorldHistory,
  index: number,
  job: WorldJob,
  fires: readonly number[],
  budget: number,
  random: Random,
): void {
  const gap = job.character === 'gapped' && fires.length > 5 ? gapIn(fires, random) : undefined;
  const brokenFrom = job.character === 'broken' ? fires.length - random.between(3, 8) : Infinity;
  for (const [place, at] of fires.entries()) {
    if (history.records === budget) return;
    if (gap && place > gap.first && place <= gap.last) continue;
    if (gap && place === gap.first) {
      history.missed.set(index, { from: at, to: fires[gap.last] as number, count: gap.last - gap.first + 1 });
      history.add(index, at, 'missed');
      continue;
    }
    const kind = place >= brokenFrom ? 'failed' : kindOf(job, random);
    history.add(index, at, kind === 'retried' && history.records + 1 === budget ? 'lost' : kind);
    if (random.chance(0.002) && history.records < budget) history.add(index, at - MANUAL_BEFORE_MS, 'manual');
  }
}

function gapIn(fires: readonly number[], random: Random): { first: number; last: number } {
  const first = random.between(1, fires.length - 4);
  return { first, last: Math.min(first + random.between(2, 40), fires.length - 2) };
}

/** Mostly well; some have more than their share of trouble. */
function kindOf({ character }: WorldJob, random: Random): Kind {
  const chance = random.next();
  if (character === 'flaky' && chance < 0.1) return 'failed';
  if (character === 'overlapping' && chance < 0.08) return 'skipped';
  if (character === 'losing' && chance < 0.06) return chance < 0.04 ? 'retried' : 'lost';
  if (chance < 0.003) return 'failed';
  if (chance < 0.0036) return 'timedOut';
  if (chance < 0.004) return 'killed';
  if (chance < 0.005) return 'skipped';
  if (chance < 0.0055) return 'lost';
  return chance < 0.0058 ? 'retried' : 'succeeded';
}
