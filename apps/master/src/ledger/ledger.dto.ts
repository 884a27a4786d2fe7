import { RUN_STATUSES } from '@app/jobs';
import { z } from 'zod';
import { instant, instantInput, iso, text, wholeNumber } from '../api/fields.js';
import { runDto, toRunDto } from '../runs/run.dto.js';
import { wordsDto } from '../words/words.js';
import { Explanation } from './explain.js';
import { LedgerFire } from './ledger.js';
import { Pause } from './pauses.js';
import { Plan } from './plan.js';

const fireStatus = z.enum([...RUN_STATUSES, 'planned', 'due', 'paused', 'unrecorded']).meta({
  description:
    'Status of its run, or `planned` (to come), `due` (time has come, nobody decided it yet), `paused` (the job is, or was), `unrecorded` (decided, no record).',
  example: 'succeeded',
});

export const fireDto = z
  .object({
    scheduledTime: instant('The scheduled time.'),
    status: fireStatus,
    isOnSchedule: z.boolean().meta({ description: 'False: a fire of an earlier schedule of the job.', example: true }),
    run: runDto.optional().meta({ description: 'The record: the latest attempt, or the stretch it lies in.' }),
  })
  .meta({ id: 'Fire', description: 'One scheduled time and its outcome.' });

const pauseDto = z
  .object({
    from: instant('Since when.'),
    to: instant('Until when; absent where it has no end yet.').optional(),
    by: z.string().optional().meta({ description: 'Who said so last, where that was noted.', example: 'ann' }),
    reason: z.string().optional().meta({ description: 'Why, as they wrote it.', example: 'Database moves' }),
  })
  .meta({ id: 'PauseSpan', description: 'A time in which a job was paused, as far as its last 20 versions tell.' });

export const fireListDto = z
  .object({
    items: z.array(fireDto).meta({ description: 'Ascending by time.' }),
    completeTo: instant('Everything before this is listed; earlier than `to` where there are too many.'),
    pauses: z.array(pauseDto).meta({ description: 'Pauses of the job that reach into the span, ascending.' }),
  })
  .meta({ id: 'FireList', description: 'Every scheduled time of a span with its outcome.' });

const plannedFireDto = z
  .object({
    jobName: z.string().meta({ description: 'The job.', example: 'nightly-report' }),
    scheduledTime: instant('The scheduled time.'),
    dueAt: instant('With the jitter of the job: when it really starts.', '2026-12-01T08:00:07.000Z'),
  })
  .meta({ id: 'PlannedFire', description: 'A fire to come.' });

export const planDto = z
  .object({
    items: z.array(plannedFireDto).meta({ description: 'Ascending by time.' }),
    completeTo: instant('The plan holds every fire before this; earlier than `to` where there are too many.'),
  })
  .meta({ id: 'Plan', description: 'Fires to come.' });

export const explanationDto = z
  .object({
    at: instant('The instant that was asked about, whole seconds.'),
    code: z
      .enum([
        ...RUN_STATUSES,
        'planned',
        'due',
        'paused',
        'unrecorded',
        'notScheduled',
        'byHandOnly',
        'beforeStart',
        'afterEnd',
        'usedUp',
        'beforeSchedule',
      ])
      .meta({ description: 'The answer in a word.', example: 'skipped' }),
    message: z.string().meta({
      description: 'The answer in an English sentence: `text.en`.',
      example: 'It was skipped: an earlier run was still going and the job does not overlap.',
    }),
    text: wordsDto,
    fire: fireDto.optional().meta({ description: 'The fire, where the schedule has one at that instant.' }),
    pause: pauseDto.optional().meta({ description: 'The pause the instant lies in.' }),
    previous: instant('The fire before, as the schedule is now.').optional(),
    next: instant('The fire after, as the schedule is now.').optional(),
  })
  .meta({ id: 'Explanation', description: 'Why a job did, or did not, run.' });

const limit = wholeNumber('How many fires at most.', { min: 1, max: 2000, fallback: 500 });

export const spanQuery = z.strictObject({
  from: instantInput('From when on, inclusive. Default: now for plans, a day ago for fires.').optional(),
  to: instantInput('Until when, exclusive. Default: a day after `from`.').optional(),
  limit,
});

export const planQuery = spanQuery.extend({
  group: text('Only jobs of this group.', 'default', 128).optional(),
  search: text('Only jobs with this text in their name.', 'report').optional(),
});

export const explainQuery = z.strictObject({ at: instantInput('The instant in question.') });

export function toPlanDto(plan: Plan): z.infer<typeof planDto> {
  const items = plan.fires.map(({ jobName, scheduledTime, dueAt }) => ({
    jobName,
    scheduledTime: iso(scheduledTime),
    dueAt: iso(dueAt),
  }));
  return { items, completeTo: iso(plan.completeTo) };
}

export function toFireDto({ scheduledTime, status, isOnSchedule, record }: LedgerFire): z.infer<typeof fireDto> {
  return { scheduledTime: iso(scheduledTime), status, isOnSchedule, ...(record && { run: toRunDto(record) }) };
}

export function toPauseDto({ from, to, by, reason }: Pause): z.infer<typeof pauseDto> {
  return { from: iso(from), to: iso(to), by, reason };
}

export function toExplanationDto(explanation: Explanation): z.infer<typeof explanationDto> {
  const { at, code, text, fire, pause, previous, next } = explanation;
  const around = { previous: iso(previous), next: iso(next) };
  const facts = { fire: fire && toFireDto(fire), pause: pause && toPauseDto(pause) };
  return { at: iso(at), code, message: text.en, text: { ...text }, ...facts, ...around };
}
