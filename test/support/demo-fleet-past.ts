import { compileSchedule, fireRunId, parseJobDocument, type Run } from '@app/jobs';
import { Random } from '../simulation/random.js';
import type { DemoJob, Episode } from './demo-fleet-job.js';
import { failingOutput, usualOutput } from './demo-fleet-output.js';
import type { Recorded } from './seeded-world-records.js';
import { type Ending, type RecordedJob, ranFire, stretchOf, withOutput } from './seeded-world-runs.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Runs older than this have the end of their output only, as far as they went well. */
const OUTPUT_MS = 2 * DAY_MS;

/** A job and what it was at each time. */
export interface PastJob {
  readonly job: DemoJob;
  /** Revisions of its definitions, oldest first, and from when each was in force. */
  readonly revisions: readonly { readonly since: number; readonly revision: number }[];
}

/** Everything that happened to one job of the demo fleet up to `now`, as records. The same every time. */
export function demoPast({ job, revisions }: PastJob, now: number): readonly Recorded[] {
  const { document, medianMs, spread = 0.15, workers = ['app1-7f3a', 'app2-91c4', 'app3-d20b'] } = job;
  const random = new Random([...document.name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7));
  const [born = { revision: 0 }] = revisions;
  const at = (time: number): RecordedJob => ({
    name: document.name,
    command: document.command,
    generation: born.revision,
    revision: (revisions.findLast(({ since }) => since <= time) ?? born).revision,
    medianMs,
    spread,
    workers,
  });
  const teller = new Teller(job, at, random, now);
  return [...teller.fires(), ...(job.byHand ?? []).map((hoursAgo) => teller.byHand(now - hoursAgo * HOUR_MS))];
}

type Stretch = Extract<Episode, { kind: 'missed' }>;
type Single = Exclude<Episode, Stretch>;

class Teller {
  constructor(
    private readonly job: DemoJob,
    private readonly at: (time: number) => RecordedJob,
    private readonly random: Random,
    private readonly now: number,
  ) {}

  *fires(): Generator<Recorded> {
    const fires = firesOf(this.job, this.now);
    const { episodes = [] } = this.job;
    const stretches = episodes.filter((episode) => episode.kind === 'missed');
    const others = new Map(episodes.filter((episode) => episode.kind !== 'missed').map((each) => [each.back, each]));
    for (let back = fires.length - 1; back >= 0; back--) {
      const stretch = stretches.find((each) => isWithin(each, back));
      if (stretch) {
        if (back === stretch.back) yield this.missed(fires, stretch);
      } else yield this.fire(fires, back, others.get(back));
    }
  }

  byHand(time: number): Recorded {
    const { name, generation } = this.at(time);
    const id = fireRunId({ jobName: name, generation, scheduledTime: time, resets: 0, target: 'hand' });
    const run = ranFire(this.at(time), time, this.random, this.now, { trigger: 'manual' });
    return this.told({ ...run, id, rootRunId: id });
  }

  private missed(fires: readonly number[], { back, count, reason }: Stretch): Recorded {
    const last = fires.length - 1 - back;
    const [from, to] = [fires[Math.max(0, last - count + 1)] as number, fires[last] as number];
    return { runs: [stretchOf(this.at(to), { from, to, count }, 'missed', reason)], chunks: [] };
  }

  private fire(fires: readonly number[], back: number, episode: Single | undefined): Recorded {
    const time = fires[fires.length - 1 - back] as number;
    const ran = (ending: Ending = {}): Recorded =>
      this.told(ranFire(this.at(time), time, this.random, this.now, ending));
    const { failsOneIn, document, medianMs } = this.job;
    if (episode === undefined) {
      const isUnlucky = failsOneIn !== undefined && this.random.between(1, failsOneIn) === 1;
      return ran(isUnlucky ? { status: 'failed', exitCode: 1, reason: 'exit: 1' } : {});
    }
    switch (episode.kind) {
      case 'failed':
        return together(
          Array.from({ length: episode.attempts ?? 1 }, (_, index) =>
            ran(failure(episode.exitCode, index + 1, medianMs + back * 97)),
          ),
        );
      case 'lost': {
        const lost = ran({ status: 'lost', reason: 'workerDied', durationMs: 62_000, worker: 'app2-91c4' });
        const again = { attempt: 2, claimedAfterMs: 64_000, worker: 'app1-7f3a' };
        return episode.isRetried ? together([lost, ran(again)]) : lost;
      }
      case 'killed':
        return ran({
          status: 'killed',
          reason: episode.why,
          killedBy: episode.by,
          signal: 'SIGTERM',
          durationMs: medianMs * 4,
        });
      case 'timedOut':
        return ran({
          status: 'timedOut',
          reason: 'timeout',
          signal: 'SIGTERM',
          durationMs: Number(document.timeoutSeconds ?? 60) * 1000,
        });
      case 'skipped': {
        const { name: jobName, generation, workers } = this.at(time);
        const before = fires[fires.length - 2 - back] ?? time;
        const holder = fireRunId({ jobName, generation, scheduledTime: before, resets: 0 });
        const reason = `overlap: run ${holder} on ${workers[0]}`;
        return { runs: [stretchOf(this.at(time), { from: time, to: time, count: 1 }, 'skipped', reason)], chunks: [] };
      }
      case 'slow':
        return ran({ durationMs: medianMs * episode.times });
      default:
        return episode satisfies never;
    }
  }

  private told(run: Run): Recorded {
    const isWell = run.status === 'succeeded' || run.status === 'lost';
    // Of a lost run nobody saw the end.
    const printed = run.status === 'lost' ? this.job.lines.slice(0, -1) : this.job.lines;
    const lines = isWell ? usualOutput(printed, run) : failingOutput(printed, run);
    const told = withOutput(run, lines);
    const isKept = !isWell || this.now - run.scheduledTime < OUTPUT_MS;
    return { runs: [told.run], chunks: isKept ? told.chunks : [] };
  }
}

/** Ends a little before the job usually does. */
function failure(exitCode: number, attempt: number, medianMs: number): Ending {
  const durationMs = Math.round(medianMs * 0.8) + attempt * 317;
  const delayMs = (attempt - 1) * (durationMs + 240_000);
  return {
    status: 'failed',
    exitCode,
    reason: `exit: ${exitCode}`,
    attempt,
    durationMs,
    ...(attempt > 1 ? { claimedAfterMs: delayMs + 45 } : {}),
  };
}

/** The scheduled times of the past that left records, ascending. */
function firesOf({ document, days = 14, at }: DemoJob, now: number): readonly number[] {
  if (document.cronExpr === undefined) return [];
  const { job } = parseJobDocument(document);
  const { cronExpr = '', timezone } = job;
  const schedule = compileSchedule({ cronExpr, timezone }, document.name);
  const end = now + Math.min(0, at?.endAt ?? 0) * HOUR_MS;
  const fires: number[] = [];
  for (let time = schedule.next(now - days * DAY_MS); time !== undefined && time < end; time = schedule.next(time)) {
    fires.push(time);
  }
  return fires;
}

function isWithin({ back, count }: Stretch, place: number): boolean {
  return place >= back && place < back + count;
}

function together(parts: readonly Recorded[]): Recorded {
  return { runs: parts.flatMap(({ runs }) => runs), chunks: parts.flatMap(({ chunks }) => chunks) };
}
