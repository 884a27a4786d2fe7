import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { SystemClock } from '@app/platform';
import { GroundTruth, TrueStart } from './ground-truth.js';

/**
 * A shell command that tells the truth: a line as it begins and a line as it ends, each written at once to the end of a
 * file, around the commands given. Whatever the product says, these lines are what happened. A command that may also
 * tell which definition it is of gives that number at the end of the first line.
 */
export function tellingCommand(file: string, commands: string): string {
  return [
    `echo "start $FLEETCRON_JOB $FLEETCRON_SCHEDULED_TIME $FLEETCRON_ATTEMPT $FLEETCRON_RUN_ID $(date +%s%3N)" >>${file}`,
    commands,
    `echo "end $FLEETCRON_RUN_ID $(date +%s%3N)" >>${file}`,
  ].join('\n');
}

/** What a file tells, read on from where it was read before. A start without an end was killed, after its last beat. */
export class TruthFile {
  private readonly truth = new GroundTruth(new SystemClock());
  private readonly latest = new Map<string, TrueStart>();
  private offset = 0;
  private rest = '';

  constructor(
    private readonly file: string,
    private readonly isExclusive: (jobName: string) => boolean = () => true,
  ) {}

  /** Everything told so far, as the checker wants it. The next reading adds to the same. */
  read(): GroundTruth {
    if (!existsSync(this.file)) return this.truth;
    const bytes = readFrom(this.file, this.offset);
    this.offset += bytes.length;
    const lines = (this.rest + bytes.toString('utf8')).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.take(line);
    return this.truth;
  }

  private take(line: string): void {
    const [kind, ...words] = line.split(' ');
    if (kind === 'start') this.takeStart(words);
    if (kind !== 'end' && kind !== 'beat') return;
    const start = this.latest.get(words[0] ?? '');
    if (!start) throw new Error(`an end without a start: ${line}`);
    start.endedAt = Number(words[1]);
    if (kind === 'end') start.how = 'byItself';
  }

  private takeStart([jobName = '', scheduledTime = '', attempt, runId = '', at, definition]: readonly string[]): void {
    const start: TrueStart = {
      jobName,
      runId,
      scheduledTime: Date.parse(scheduledTime),
      attempt: Number(attempt),
      trigger: 'schedule',
      jobRevision: 0,
      isExclusive: this.isExclusive(jobName),
      startedAt: Number(at),
      endedAt: Number(at),
      how: 'killed',
      ...(definition !== undefined && { definition: Number(definition) }),
    };
    this.truth.starts.push(start);
    this.latest.set(runId, start);
  }
}

function readFrom(file: string, offset: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(handle).size - offset));
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, offset));
  } finally {
    closeSync(handle);
  }
}
