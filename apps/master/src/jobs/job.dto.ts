import { jobDocumentSchema } from '@app/jobs';
import { z } from 'zod';
import { fieldFaultDto } from '../api/field-fault.dto.js';
import { cursorField, instant, instantInput, limitField, pageOf, text, wholeNumber } from '../api/fields.js';
import { recentRunDto } from '../runs/run.dto.js';
import { wordsDto } from '../words/words.js';

const state = z.enum(['enabled', 'paused', 'invalid', 'ended']).meta({
  description: '`invalid`: what stands in the store is no job; `ended`: no fire will come any more.',
  example: 'enabled',
});

/** A schedule in words. */
const scheduleTextDto = z
  .object({
    en: z.string().meta({ description: 'In English.', example: 'Every day at 02:00 (Europe/Berlin)' }),
    zh: z.string().meta({ description: 'In Chinese.', example: '在上午 02:00（Europe/Berlin）' }),
  })
  .meta({ id: 'ScheduleText', description: 'The schedule in plain words.' });

/** What the server adds to a document. Taken back in edits and ignored, so that what was read can be sent again. */
const serverFields = {
  revision: z
    .number()
    .int()
    .meta({ description: 'Changes with every edit; also in the ETag.', example: 1234, readOnly: true }),
  state: state.meta({ readOnly: true }),
  scheduleText: scheduleTextDto.optional().meta({ readOnly: true }),
  nextFireAt: instant('The next fire; absent where none comes by itself.').optional().meta({ readOnly: true }),
  decidedUntil: instant('All fires up to here are decided; absent until a worker took the job up.')
    .optional()
    .meta({ readOnly: true }),
  editedBy: z.string().optional().meta({
    description: 'Who put it as it stands; absent where another client of the store did.',
    example: 'ann',
    readOnly: true,
  }),
  editedAt: instant('When it was put as it stands; absent as `editedBy` is.').optional().meta({ readOnly: true }),
  pausedBy: z.string().optional().meta({
    description: 'Who paused it; absent where another client of the store did.',
    example: 'ann',
    readOnly: true,
  }),
  pausedAt: instant('Since when it has been paused; absent where it is not, or nobody noted it.')
    .optional()
    .meta({ readOnly: true }),
  runCount: z.number().int().optional().meta({ description: 'Runs by schedule so far.', example: 42, readOnly: true }),
  running: z
    .number()
    .int()
    .meta({ description: 'Runs on their way now, those that wait included.', example: 0, readOnly: true }),
  queued: z
    .number()
    .int()
    .optional()
    .meta({ description: 'How many of them have not started; absent where none.', example: 0, readOnly: true }),
  cannotRun: wordsDto.optional().meta({
    description: 'That no worker may run it, in a sentence; only where one job is read, and absent where one may.',
    readOnly: true,
  }),
  recentRuns: z.array(recentRunDto).optional().meta({
    description: 'The newest ended runs; absent where not asked for, or while history is away.',
    readOnly: true,
  }),
  invalid: z
    .object({
      reason: z.string().meta({ description: 'In a sentence.', example: 'is not JSON' }),
      text: wordsDto,
      errors: z.array(fieldFaultDto).meta({ description: 'Field by field, where that much can be said.' }),
    })
    .optional()
    .meta({ description: 'Why what stands in the store is no job. Then only `name` is known of it.', readOnly: true }),
};

/** Names of the fields the server adds. */
export const SERVER_FIELDS = Object.keys(serverFields);

/** What people write. */
export const jobDocumentDto = jobDocumentSchema.meta({ id: 'JobDocument' });

export const jobDto = z.object({ ...jobDocumentSchema.shape, ...serverFields }).meta({
  id: 'Job',
  description: 'A job: its document as it was written, the commonest defaults filled in, and how it stands.',
});

export type JobDto = z.infer<typeof jobDto>;

export const jobPageDto = pageOf(jobDto, 'JobPage');

export const jobListQuery = z.strictObject({
  search: text('Literal text in name or description, in any case.', 'report').optional(),
  group: text('Only jobs of this group.', 'default', 128).optional(),
  label: text('Only jobs with this label: `key` or `key=value`.', 'team=billing', 400).optional(),
  state: state.optional(),
  sort: z
    .enum(['name', '-name', 'next', '-next'])
    .optional()
    .meta({ description: 'By name or next fire; `-` turns it around. Default name.', example: 'name' }),
  recentRuns: wholeNumber('How many recent runs to give with each job.', { min: 0, max: 50, fallback: 1 }),
  limit: limitField,
  cursor: cursorField.optional(),
});

export const pauseBody = z
  .strictObject({
    reason: z.string().max(1024).optional().meta({ description: 'Why, for people.', example: 'Database moves' }),
    until: instantInput('When the pause ends by itself; absent: never.').optional(),
  })
  .meta({ id: 'Pause', description: 'Why and until when.' });

export const runBody = z
  .strictObject({
    params: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Values of parameters the job has.', example: { day: '2026-12-01' } }),
    worker: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: 'Only this worker may take it.', example: 'db1-7f3a' }),
  })
  .meta({ id: 'RunRequest', description: 'How to run it this once.' });

export const killBody = z
  .strictObject({
    reason: z.string().max(1024).optional().meta({ description: 'Why, for the record.', example: 'hangs' }),
  })
  .meta({ id: 'Kill', description: 'Why.' });

export const cursorBody = z
  .strictObject({
    to: instantInput('Fires after this instant are decided again; one in the future: fires up to it are let go.'),
  })
  .meta({ id: 'CursorReset', description: 'Where to set the cursor.' });

export const backfillBody = z
  .strictObject({
    from: instantInput('First scheduled time to run, inclusive.'),
    to: instantInput('Last one, inclusive.'),
    params: runBody.shape.params,
  })
  .meta({ id: 'Backfill', description: 'The range of fires to run.' });

export const acceptedRunsDto = z
  .object({
    runIds: z.array(z.string()).meta({ description: 'Ids of the runs, oldest fire first.', example: ['01J9ZQ4V'] }),
  })
  .meta({ id: 'AcceptedRuns', description: 'The runs that were asked for.' });

export const acceptedRunDto = z
  .object({ runId: z.string().meta({ description: 'Id of the run.', example: '01J9ZQ4V7M2N8K3T5R6W1X0YBC' }) })
  .meta({ id: 'AcceptedRun', description: 'The run that was asked for, or about.' });

export const killedRunsDto = z
  .object({ runIds: z.array(z.string()).meta({ description: 'Runs that were asked to end.', example: ['01J9ZQ4V'] }) })
  .meta({ id: 'KilledRuns', description: 'What was asked to end.' });

export const versionListDto = z
  .object({
    items: z
      .array(
        z.object({
          revision: z.number().int().meta({ description: 'Its revision.', example: 1200 }),
          document: jobDocumentDto,
          putAt: instant('When it was put; absent where that was not noted.').optional(),
          putBy: z.string().optional().meta({ description: 'Who put it; absent as `putAt` is.', example: 'bob' }),
          replacedAt: instant('When another took its place.'),
          replacedBy: z.string().meta({ description: 'Who put that other one.', example: 'ann' }),
        }),
      )
      .meta({ description: 'Newest first, at most 20.' }),
  })
  .meta({ id: 'JobVersionList', description: 'Earlier definitions.' });
