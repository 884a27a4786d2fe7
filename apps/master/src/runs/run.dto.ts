import { durationMs, latenessMs, RUN_STATUSES, RUN_TRIGGERS, Run } from '@app/jobs';
import { z } from 'zod';
import { instant, iso, pageOf } from '../api/fields.js';
import { runWords } from '../words/run-words.js';
import { wordsDto } from '../words/words.js';

const status = z.enum(RUN_STATUSES).meta({ description: 'How it stands or ended.', example: 'succeeded' });
const text = (description: string, example: string) => z.string().meta({ description, example });
const whole = (description: string, example: number) => z.number().int().meta({ description, example });

export const runDto = z
  .object({
    id: text('Id of the run.', '01J9ZQ4V7M2N8K3T5R6W1X0YBC'),
    jobName: text('The job.', 'nightly-report'),
    trigger: z.enum(RUN_TRIGGERS).meta({ description: 'What asked for it.', example: 'schedule' }),
    status,
    reason: text('Why it ended so: a stable word, details after a colon.', 'exit:2').optional(),
    reasonText: wordsDto.optional(),
    scheduledTime: instant('When the schedule wanted it; of a request, when it was asked for.'),
    untilTime: instant('Of a stretch of skipped or missed fires: the last of them.').optional(),
    count: whole('Fires this record stands for; 1 but for stretches.', 1),
    notBefore: instant('Of a queued run that waits, as a retry does for its delay: when it may be taken.').optional(),
    claimedAt: instant('When a worker took it.', '2026-12-01T08:00:00.012Z').optional(),
    startTime: instant('When its process started.', '2026-12-01T08:00:00.031Z').optional(),
    endTime: instant('When it ended.', '2026-12-01T08:00:04.200Z').optional(),
    durationMs: whole('From start to end.', 4169).optional(),
    latenessMs: whole('From the scheduled time to the start.', 31).optional(),
    exitCode: whole('Exit code of the process.', 0).optional(),
    signal: text('The signal that ended it.', 'SIGKILL').optional(),
    output: text('End of stdout, at most 4 KiB. All of it is at `/runs/{id}/output`.', 'done\n').optional(),
    err: text('End of stderr, at most 4 KiB.', '').optional(),
    outputBytes: whole('Bytes written to both streams, kept or not.', 5).optional(),
    outputTruncated: z.boolean().optional().meta({ description: 'Whether some were not kept.', example: false }),
    worker: text('Id of the worker.', 'db1-7f3a').optional(),
    workerIp: text('Its address.', '10.0.0.7').optional(),
    attempt: whole('1 for the first.', 1),
    rootRunId: text('Id of the first attempt.', '01J9ZQ4V7M2N8K3T5R6W1X0YBC'),
    shard: whole('Index of the shard.', 0).optional(),
    command: text('What was run.', 'backup.sh').optional(),
    params: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Parameters given with the wish for it.', example: { day: '2026-12-01' } }),
    requestedBy: text('Who asked for it: of runs by hand, backfills, and their retries.', 'ann').optional(),
    fence: text('Fencing token it ran with.', '0000-0000000000000042').optional(),
    jobRevision: whole('Revision of the definition it ran.', 1234).optional(),
    killedBy: text('Who asked for its end.', 'ann').optional(),
    late: z
      .boolean()
      .optional()
      .meta({ description: 'The result came after the run was declared lost.', example: true }),
  })
  .meta({ id: 'Run', description: 'One run, or one stretch of fires that were skipped or missed for one reason.' });

export type RunDto = z.infer<typeof runDto>;

export const runPageDto = pageOf(runDto, 'RunPage');

/** A run in the few words a list of jobs needs. */
export const recentRunDto = runDto
  .pick({ id: true, status: true, scheduledTime: true, durationMs: true, reason: true, reasonText: true })
  .meta({ id: 'RecentRun', description: 'A run in few words.' });

/** A run as it travels: instants as ISO 8601, durations worked out. */
export function toRunDto(run: Run): RunDto {
  return {
    ...run,
    params: run.params && { ...run.params },
    scheduledTime: iso(run.scheduledTime),
    untilTime: iso(run.untilTime),
    notBefore: iso(run.notBefore),
    claimedAt: iso(run.claimedAt),
    startTime: iso(run.startTime),
    endTime: iso(run.endTime),
    durationMs: durationMs(run),
    latenessMs: latenessMs(run),
    reasonText: runWords(run),
  };
}

/** The few words of `recentRunDto`. */
export function toRecentRun(run: Run): z.infer<typeof recentRunDto> {
  const { id, status, reason } = run;
  const text = { reason, reasonText: runWords(run) };
  return { id, status, scheduledTime: iso(run.scheduledTime), durationMs: durationMs(run), ...text };
}
