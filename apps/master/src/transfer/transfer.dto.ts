import { z } from 'zod';
import { noteDto } from '../api/field-fault.dto.js';
import { flag, instantInput, text } from '../api/fields.js';
import { jobDocumentDto } from '../jobs/job.dto.js';
import { wordsDto } from '../words/words.js';

const JOB_STATES = ['enabled', 'paused', 'invalid', 'ended'] as const;

const names = z
  .array(z.string().min(1).max(128))
  .min(1)
  .max(1000)
  .meta({ description: 'Names of jobs.', example: ['nightly-report', 'hourly-sync'] });

export const bulkBody = z
  .strictObject({
    action: z.enum(['pause', 'resume', 'run', 'kill', 'delete']).meta({ description: 'What to do.', example: 'pause' }),
    names: names.optional(),
    filter: z
      .strictObject({
        search: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .meta({ description: 'Literal text in name or description.', example: 'report' }),
        group: z.string().min(1).max(128).optional().meta({ description: 'The group.', example: 'default' }),
        label: z
          .string()
          .min(1)
          .max(400)
          .optional()
          .meta({ description: '`key` or `key=value`.', example: 'team=billing' }),
        state: z.enum(JOB_STATES).optional().meta({ description: 'The state.', example: 'enabled' }),
      })
      .optional()
      .meta({
        description: 'Instead of names: all jobs that match; more than 1,000 are refused. An empty one means all.',
      }),
    reason: z.string().max(1024).optional().meta({ description: 'Of a pause or a kill.', example: 'Database moves' }),
    until: instantInput('Of a pause: when it ends by itself.').optional(),
  })
  .refine((body) => (body.names === undefined) !== (body.filter === undefined), {
    error: 'give either names or filter',
    path: ['names'],
  })
  .meta({ id: 'BulkAction', description: 'One action on many jobs.' });

export const bulkResultDto = z
  .object({
    done: z.number().int().meta({ description: 'Jobs it was done to.', example: 2 }),
    failed: z.number().int().meta({ description: 'Jobs it was not.', example: 0 }),
    items: z
      .array(
        z.object({
          name: z.string().meta({ description: 'The job.', example: 'nightly-report' }),
          isDone: z.boolean().meta({ description: 'Whether it was done.', example: true }),
          code: z.string().optional().meta({ description: 'Why not, in a word.', example: 'not_found' }),
          message: z
            .string()
            .optional()
            .meta({ description: 'Why not, in a sentence.', example: 'There is no job "x".' }),
          text: wordsDto.optional(),
        }),
      )
      .meta({ description: 'Job by job.' }),
  })
  .meta({ id: 'BulkResult', description: 'What came of it.' });

const FORMATS = ['crontab', 'yaml', 'json'] as const;

export const importQuery = z.strictObject({
  format: z.enum(FORMATS).default('crontab').meta({ description: 'What the body is.', example: 'crontab' }),
  dryRun: flag('Say what would come of it, and change nothing.'),
  overwrite: flag('Replace jobs that are there and differ. Of yaml and json; a crontab makes new names.'),
  crontab: z.enum(['auto', 'system', 'user']).default('auto').meta({
    description: 'Of a crontab: whether a user stands before the command, as in /etc/crontab.',
    example: 'auto',
  }),
  timezone: text('Of a crontab: zone of its jobs; UTC unless given.', 'Europe/Berlin', 100).optional(),
  group: text('Of a crontab: group of its jobs.', 'default', 128).optional(),
});

export const importResultDto = z
  .object({
    dryRun: z.boolean().meta({ description: 'Whether nothing was changed.', example: true }),
    created: z.number().int().meta({ description: 'Jobs made.', example: 3 }),
    replaced: z.number().int().meta({ description: 'Jobs replaced.', example: 0 }),
    refused: z.number().int().meta({ description: 'Entries that became no job.', example: 1 }),
    items: z
      .array(
        z.object({
          line: z
            .number()
            .int()
            .meta({ description: 'Line of the crontab, or place in the list, from 1.', example: 4 }),
          source: z.string().optional().meta({ description: 'The line as it stands.', example: '0 2 * * * backup.sh' }),
          outcome: z
            .enum(['created', 'replaced', 'unchanged', 'refused', 'environment', 'comment', 'blank'])
            .meta({ description: 'What came, or would come, of it.', example: 'created' }),
          name: z.string().optional().meta({ description: 'Name of the job.', example: 'backup' }),
          document: jobDocumentDto.optional(),
          reason: z
            .string()
            .optional()
            .meta({ description: 'Why it was refused.', example: 'hour 25 is outside 0 to 23' }),
          reasonText: wordsDto.optional(),
          warnings: z.array(noteDto).optional().meta({ description: 'What to look at.' }),
        }),
      )
      .meta({ description: 'Entry by entry; nothing is left out.' }),
  })
  .meta({ id: 'ImportResult', description: 'What came of an import.' });

export const exportQuery = z.strictObject({
  format: z.enum(['yaml', 'json']).default('yaml').meta({ description: 'How to write it.', example: 'yaml' }),
  names: text('Only these jobs: names separated by commas.', 'nightly-report,hourly-sync', 12_000)
    .transform((given) => given.split(','))
    .optional(),
  search: text('Only jobs with this literal text in name or description, in any case.', 'report').optional(),
  group: text('Only jobs of this group.', 'default', 128).optional(),
  label: text('Only jobs with this label: `key` or `key=value`.', 'team=billing', 400).optional(),
  state: z.enum(JOB_STATES).optional().meta({ description: 'Only jobs in this state.', example: 'enabled' }),
});
