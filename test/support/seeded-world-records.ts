import { fireRunId, type Run } from '@app/jobs';
import type { OutputChunk } from '@app/logs';
import { Random } from '../simulation/random.js';
import type { Happening, WorldHistory } from './seeded-world-history.js';
import { type Ending, type RecordedJob, ranFire, type Said, stretchOf, withOutput } from './seeded-world-runs.js';

/** What is written for one happening. */
export interface Recorded {
  readonly runs: readonly Run[];
  readonly chunks: readonly OutputChunk[];
}

const PEOPLE = ['ann', 'li.wei', 'marco', 'token:ci'];
/** One in so many runs that went well has its output beside its record, not only the end of it. */
const OUTPUT_OF_ONE_IN = 25;

/** Writes what happened as the program would have recorded it. The same happening gives the same records. */
export class WorldRecorder {
  private readonly earlier = new Map<string, number>();

  constructor(
    private readonly history: WorldHistory,
    private readonly seed: number,
    private readonly now: number,
  ) {}

  /** To be called in the order in which things happened. */
  record({ job: index, at, kind }: Happening, job: RecordedJob): Recorded {
    const random = new Random(this.seed ^ Math.imul(index + 1, 0x85ebca6b) ^ Math.floor(at / 1000));
    const before = this.earlier.get(job.name);
    this.earlier.set(job.name, at);
    const ran = (ending: Ending) => ranFire(job, at, random, this.now, ending);
    switch (kind) {
      case 'missed': {
        const stretch = this.history.missed.get(index);
        if (!stretch) throw new Error(`${job.name} missed nothing`);
        return { runs: [stretchOf(job, stretch, 'missed', 'noEligibleWorker')], chunks: [] };
      }
      case 'skipped': {
        const [worker = ''] = job.workers;
        const reason = `overlap: run ${this.idAt(job, before ?? at - 3_600_000)} on ${worker}`;
        return { runs: [stretchOf(job, { from: at, to: at, count: 1 }, 'skipped', reason)], chunks: [] };
      }
      case 'lost':
        return { runs: [ran({ status: 'lost', reason: 'workerDied' })], chunks: [] };
      case 'retried': {
        const lost = ran({ status: 'lost', reason: 'workerDied', durationMs: 60_000 });
        const again = this.finished(ran({ attempt: 2, claimedAfterMs: 62_000 }), random);
        return { runs: [lost, ...again.runs], chunks: again.chunks };
      }
      case 'manual': {
        const run = ran({ trigger: 'manual' });
        const id = fireRunId({
          jobName: job.name,
          generation: job.generation,
          scheduledTime: at,
          resets: 0,
          target: 'hand',
        });
        return this.finished({ ...run, id, rootRunId: id }, random);
      }
      case 'failed': {
        const exitCode = random.pick([1, 1, 1, 2, 75, 137]);
        return this.finished(ran({ status: 'failed', exitCode, reason: `exit: ${exitCode}` }), random);
      }
      case 'timedOut':
        return this.finished(
          ran({ status: 'timedOut', reason: 'timeout', signal: 'SIGTERM', durationMs: 60_000 }),
          random,
        );
      case 'killed': {
        const killedBy = random.pick(PEOPLE);
        return this.finished(ran({ status: 'killed', reason: 'hangs', signal: 'SIGKILL', killedBy }), random);
      }
      case 'succeeded':
        return this.finished(ran({}), random);
      default:
        return kind satisfies never;
    }
  }

  /** With the end of its output in the record, and for some all of it beside. */
  private finished(run: Run, random: Random): Recorded {
    const told = withOutput(run, linesOf(run, random));
    const isKept = run.status !== 'succeeded' || random.between(1, OUTPUT_OF_ONE_IN) === 1;
    return { runs: [told.run], chunks: isKept ? told.chunks : [] };
  }

  private idAt({ name: jobName, generation }: RecordedJob, scheduledTime: number): string {
    return fireRunId({ jobName, generation, scheduledTime, resets: 0 });
  }
}

function linesOf(run: Run, random: Random): readonly Said[] {
  const rows = random.between(0, 90_000);
  const begin = { afterMs: 8, text: `${run.jobName}: ${rows} rows to do\n` };
  const ms = (run.endTime ?? 0) - (run.startTime ?? 0);
  if (run.status === 'succeeded') return [begin, { afterMs: ms, text: `done, ${rows} rows in ${ms} ms\n` }];
  const complaint = random.pick([
    'connection to ledger refused (10.2.0.14:5432)',
    'disk full: /var/spool/export',
    'FATAL: 对账金额不一致，差额 12.40 元',
    'HTTP 503 from partner, giving up after 3 tries',
  ]);
  return [begin, { afterMs: Math.max(8, ms - 2), text: `\u001b[31merror\u001b[0m ${complaint}\n`, stream: 'stderr' }];
}
