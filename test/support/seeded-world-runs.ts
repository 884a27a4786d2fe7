import { attemptRunId, fireRunId, type Run } from '@app/jobs';
import type { OutputChunk } from '@app/logs';
import type { Random } from '../simulation/random.js';

/** What of a job its records tell. */
export interface RecordedJob {
  readonly name: string;
  readonly command: string;
  /** Revision of the definition that ran. */
  readonly revision: number;
  /** Revision at which the job came into being. */
  readonly generation: number;
  /** Half of the runs take less. */
  readonly medianMs: number;
  /** How far durations scatter: standard deviation of their logarithm. */
  readonly spread: number;
  /** Ids of the workers that take its fires. */
  readonly workers: readonly string[];
}

/** How a run ended, and what else is special about it. */
export type Ending = Partial<
  Pick<
    Run,
    'status' | 'reason' | 'exitCode' | 'signal' | 'killedBy' | 'output' | 'err' | 'trigger' | 'attempt' | 'worker'
  >
> & {
  /** Instead of what its habit gives. */
  readonly durationMs?: number;
  /** Of an attempt after the first: how long after the scheduled time it was claimed. */
  readonly claimedAfterMs?: number;
};

const TAIL_CHARACTERS = 4_096;

/** The record of a fire that ran, ended before `now`. Everything the ending leaves open comes from habit and chance. */
export function ranFire(
  job: RecordedJob,
  scheduledTime: number,
  random: Random,
  now: number,
  ending: Ending = {},
): Run {
  const { durationMs, claimedAfterMs, attempt = 1, ...said } = ending;
  const first = idOf(job, scheduledTime);
  const claimedAt = scheduledTime + (claimedAfterMs ?? latenessOf(random));
  const startTime = Math.min(claimedAt + random.between(4, 30), now - 2);
  const took = durationMs ?? Math.max(3, Math.round(job.medianMs * Math.exp(job.spread * gauss(random))));
  const worker = random.pick(job.workers);
  const { output = '', err = '' } = said;
  const isSucceeded = said.status === undefined;
  return {
    id: attemptRunId(first, attempt),
    jobName: job.name,
    trigger: attempt === 1 ? 'schedule' : 'retry',
    status: 'succeeded',
    scheduledTime,
    count: 1,
    claimedAt: Math.min(claimedAt, startTime),
    startTime,
    endTime: Math.min(startTime + took, now - 1),
    ...(isSucceeded ? { exitCode: 0 } : {}),
    outputBytes: Buffer.byteLength(output) + Buffer.byteLength(err),
    outputTruncated: false,
    worker,
    workerIp: addressOf(said.worker ?? worker),
    attempt,
    rootRunId: first,
    command: job.command,
    jobRevision: job.revision,
    ...said,
    output,
    err,
  };
}

/** A stretch of fires that did not happen for one reason; of a single one as well. */
export function stretchOf(
  job: RecordedJob,
  fires: { readonly from: number; readonly to: number; readonly count: number },
  status: 'missed' | 'skipped',
  reason: string,
): Run {
  const id = idOf(job, fires.to);
  return {
    id,
    jobName: job.name,
    trigger: 'schedule',
    status,
    reason,
    scheduledTime: fires.from,
    ...(fires.count > 1 ? { untilTime: fires.to } : {}),
    count: fires.count,
    claimedAt: fires.to + 60_000,
    attempt: 1,
    rootRunId: id,
    jobRevision: job.revision,
  };
}

/** A piece of output: what was written to one stream, how long after the start. */
export interface Said {
  readonly afterMs: number;
  readonly text: string;
  readonly stream?: 'stdout' | 'stderr';
  /** Bytes of the stream that were not kept immediately before it. */
  readonly cutBefore?: number;
}

/** The run with this output: the tails in its record, and the chunks to be written beside it. */
export function withOutput(run: Run, said: readonly Said[]): { readonly run: Run; readonly chunks: OutputChunk[] } {
  const ends = { stdout: 0, stderr: 0 };
  const texts = { stdout: '', stderr: '' };
  const chunks = said.map(({ afterMs, text, stream = 'stdout', cutBefore = 0 }, seq): OutputChunk => {
    const data = Buffer.from(text);
    const offset = ends[stream] + cutBefore;
    ends[stream] = offset + data.length;
    texts[stream] += text;
    const at = Math.min((run.startTime ?? run.scheduledTime) + afterMs, run.endTime ?? Infinity);
    return { runId: run.id, jobName: run.jobName, seq, stream, at, offset, cutBefore, data };
  });
  const told = {
    output: texts.stdout.slice(-TAIL_CHARACTERS),
    err: texts.stderr.slice(-TAIL_CHARACTERS),
    outputBytes: ends.stdout + ends.stderr,
    outputTruncated: said.some(({ cutBefore = 0 }) => cutBefore > 0),
  };
  return { run: { ...run, ...told }, chunks };
}

function idOf({ name: jobName, generation }: RecordedJob, scheduledTime: number): string {
  return fireRunId({ jobName, generation, scheduledTime, resets: 0 });
}

/** Small, with a tail: 1 in 50 waits for a busy moment, 1 in 1,000 for a worker that went away. */
function latenessOf(random: Random): number {
  const chance = random.next();
  if (chance < 0.001) return random.between(1_500, 9_000);
  if (chance < 0.02) return random.between(90, 900);
  return random.between(5, 60);
}

function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** A private address that goes with the worker's id. */
function addressOf(worker: string): string {
  let sum = 0;
  for (const character of worker) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 62_500;
  return `10.20.${Math.floor(sum / 250)}.${2 + (sum % 250)}`;
}
