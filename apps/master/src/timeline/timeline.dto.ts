import { RUN_STATUSES } from '@app/jobs';
import { z } from 'zod';
import { instant, instantInput, iso, pageOf, wholeNumber } from '../api/fields.js';
import { InvalidQuery } from '../http/http-errors.js';
import { jobDto, jobListQuery } from '../jobs/job.dto.js';
import { fireDto } from '../ledger/ledger.dto.js';
import { Span } from '../ledger/span.js';
import { TimelineRow } from './timeline-row.js';

const HOUR_MS = 3_600_000;
const MAX_SPAN_MS = 7 * 24 * HOUR_MS;

const markDto = z
  .object({
    at: instant('The scheduled time.'),
    status: fireDto.shape.status,
    runId: z.string().optional().meta({ description: 'The record, where there is one.', example: '01J9ZQ4V' }),
    untilTime: instant('Of a stretch of skipped or missed fires: the last of them.').optional(),
    count: z.number().int().optional().meta({ description: 'Of a stretch: fires in it.', example: 12 }),
  })
  .meta({ id: 'TimelineMark', description: 'One scheduled time and its outcome.' });

const bucketDto = z
  .object({
    at: instant('Start of the hour.', '2026-12-01T08:00:00.000Z'),
    untilAt: instant('End of the hour.', '2026-12-01T09:00:00.000Z'),
    planned: z.number().int().meta({ description: 'Fires yet to come in it.', example: 3600 }),
    counts: z
      .partialRecord(z.enum(RUN_STATUSES), z.number().int())
      .meta({ description: 'What is over, by outcome.', example: { succeeded: 3590, failed: 10 } }),
  })
  .meta({ id: 'TimelineBucket', description: 'An hour of a job that fires often.' });

const rowDto = z
  .object({
    jobName: z.string().meta({ description: 'The job.', example: 'nightly-report' }),
    state: jobDto.shape.state,
    marks: z
      .array(markDto)
      .optional()
      .meta({ description: 'Every scheduled time, ascending; absent where there are more than 200.' }),
    buckets: z
      .array(bucketDto)
      .optional()
      .meta({ description: 'Instead of marks: hour by hour, ascending; hours without any are left out.' }),
  })
  .meta({ id: 'TimelineRow', description: 'One job on the time axis.' });

export const timelineDto = pageOf(rowDto, 'Timeline');

export const timelineQuery = jobListQuery.omit({ recentRuns: true }).extend({
  from: instantInput('From when on, inclusive. Default: 12 hours ago.').optional(),
  to: instantInput('Until when, exclusive; at most 7 days after. Default: a day after `from`.').optional(),
  limit: wholeNumber('How many jobs at most.', { min: 1, max: 60, fallback: 30 }),
});

/** The span asked for. Throws InvalidQuery for one that is empty or too long. */
export function timelineSpanOf(query: { from?: number; to?: number }, now: number): Span {
  const from = query.from ?? (query.to === undefined ? now - 12 * HOUR_MS : query.to - 24 * HOUR_MS);
  const to = query.to ?? from + 24 * HOUR_MS;
  if (to <= from) {
    throw new InvalidQuery([{ path: 'to', message: 'must be after from' }]);
  }
  if (to - from > MAX_SPAN_MS) {
    throw new InvalidQuery([{ path: 'to', message: 'must be at most 7 days after from' }]);
  }
  return { from, to };
}

export function toRowDto({ jobName, state, marks, buckets }: TimelineRow): z.infer<typeof rowDto> {
  return {
    jobName,
    state,
    marks: marks?.map(({ scheduledTime, status, record }) => ({
      at: iso(scheduledTime),
      status,
      runId: record?.id,
      untilTime: iso(record?.untilTime),
      count: record?.untilTime === undefined ? undefined : record.count,
    })),
    buckets: buckets?.map(({ at, untilAt, planned, counts }) => ({
      at: iso(at),
      untilAt: iso(untilAt),
      planned,
      counts: { ...counts },
    })),
  };
}
