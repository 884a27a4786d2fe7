import { existsSync, readFileSync } from 'node:fs';
import { SystemClock } from '@app/platform';
import { GroundTruth, TrueStart } from './ground-truth.js';

/**
 * A shell command that tells the truth: a line as it begins and a line as it ends, each written at once to the end of a
 * file, around the commands given. Whatever the product says, these lines are what happened.
 */
export function tellingCommand(file: string, commands: string): string {
  return [
    `echo "start $FLEETCRON_JOB $FLEETCRON_SCHEDULED_TIME $FLEETCRON_ATTEMPT $FLEETCRON_RUN_ID $(date +%s%3N)" >>${file}`,
    commands,
    `echo "end $FLEETCRON_RUN_ID $(date +%s%3N)" >>${file}`,
  ].join('\n');
}

/** What the file tells, as the checker wants it. A start without an end was killed, at an unknown time. */
export function readTruth(file: string, isExclusive: (jobName: string) => boolean = () => true): GroundTruth {
  const truth = new GroundTruth(new SystemClock());
  if (!existsSync(file)) return truth;
  const latest = new Map<string, TrueStart>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [kind, ...words] = line.split(' ');
    if (kind === 'start') {
      const [jobName = '', scheduledTime = '', attempt, runId = '', at] = words;
      const start: TrueStart = {
        jobName,
        runId,
        scheduledTime: Date.parse(scheduledTime),
        attempt: Number(attempt),
        trigger: 'schedule',
        jobRevision: 0,
        isExclusive: isExclusive(jobName),
        startedAt: Number(at),
        endedAt: Number(at),
        how: 'killed',
      };
      truth.starts.push(start);
      latest.set(runId, start);
    } else if (kind === 'end') {
      const start = latest.get(words[0] ?? '');
      if (!start) throw new Error(`an end without a start: ${line}`);
      Object.assign(start, { endedAt: Number(words[1]), how: 'byItself' });
    }
  }
  return truth;
}
