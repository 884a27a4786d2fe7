import { z } from 'zod';
import { instant, iso } from '../api/fields.js';
import { WorkerView } from '../ports/worker-directory.js';
import { wordsDto } from '../words/words.js';
import { toVitalsDto, vitalsDto } from './vitals.dto.js';

const text = (description: string, example: string) => z.string().meta({ description, example });
const whole = (description: string, example: number) => z.number().int().meta({ description, example });

export const workerDto = z
  .object({
    id: text('Its id: host and a suffix that stays.', 'db1-7f3a'),
    pid: whole('Process id.', 4711),
    host: text('Host name.', 'db1'),
    address: text('Address it is reached at.', '10.0.0.7'),
    version: text('Version of fleetcron.', '0.1.0'),
    schema: whole('Highest version of a job document it knows.', 1),
    group: text('Pool it belongs to.', 'default'),
    labels: z
      .record(z.string(), z.string())
      .meta({ description: 'Labels jobs may select by.', example: { disk: 'ssd' } }),
    slots: whole('Runs it takes at once.', 100),
    running: whole('Runs it has now.', 3),
    state: z.enum(['starting', 'ready', 'draining', 'unwell']).meta({
      description: '`starting`: eligible in a moment; `draining`: takes nothing new; `unwell`: see `reason`.',
      example: 'ready',
    }),
    reason: text('Why it is unwell: `reasonText.en`.', 'Its clock is off, so it claims nothing.').optional(),
    reasonText: wordsDto.optional(),
    clockOffsetMs: z.number().optional().meta({
      description: 'Its clock against the others; absent where too few know.',
      example: 12,
    }),
    undelivered: whole('Decisions it has made that history has not acknowledged.', 0).optional(),
    vitals: vitalsDto.optional(),
    tzVersion: text('Version of its time zone data.', '2026b').optional(),
    startedAt: instant('When it started.').optional(),
    lastSeenAt: instant('When it was last heard of.').optional(),
  })
  .meta({ id: 'Worker', description: 'A process that schedules and runs.' });

export const workerListDto = z
  .object({ items: z.array(workerDto).meta({ description: 'By id.' }) })
  .meta({ id: 'WorkerList', description: 'The workers that are there.' });

export const groupListDto = z
  .object({
    items: z
      .array(
        z.object({
          name: text('The group.', 'default'),
          workers: whole('Workers in it.', 3),
          slots: whole('Their slots together.', 300),
          running: whole('Runs they have now.', 5),
          jobs: whole('Jobs bound to it.', 128),
        }),
      )
      .meta({ description: 'By name. A group without workers, or without jobs, is one too.' }),
  })
  .meta({ id: 'GroupList', description: 'Pools of workers.' });

export const soleJobsDto = z
  .object({
    items: z.array(z.string()).meta({ description: 'Names of the first 100, in order.', example: ['nightly-report'] }),
    total: whole('How many there are.', 1),
  })
  .meta({ id: 'SoleJobs', description: 'Enabled jobs that no other worker could run now.' });

export function toWorkerDto({ reason, vitals, ...worker }: WorkerView): z.infer<typeof workerDto> {
  return {
    ...worker,
    reason: reason?.en,
    reasonText: reason && { ...reason },
    labels: { ...worker.labels },
    vitals: vitals && toVitalsDto(vitals),
    startedAt: iso(worker.startedAt),
    lastSeenAt: iso(worker.lastSeenAt),
  };
}
