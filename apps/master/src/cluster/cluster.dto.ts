import { z } from 'zod';
import { instant, iso } from '../api/fields.js';
import { ClusterView } from '../ports/cluster-status.js';
import { wordsDto } from '../words/words.js';
import { loopWaitDto } from '../workers/vitals.dto.js';
import { toWorkerDto, workerDto } from '../workers/worker.dto.js';

const text = (description: string, example: string) => z.string().meta({ description, example });
const whole = (description: string, example: number) => z.number().int().meta({ description, example });
const flag = (description: string) => z.boolean().meta({ description, example: true });

/** Longer lists say no more: the sentence names three, the lists of workers and jobs have them all. */
const MAX_ABOUT = 20;

const masterVitalsDto = z
  .object({
    watchLagMs: whole('How far its view of the store may be behind, now.', 0),
    loopStallMs: whole('The longest time its process stood still in the last minute.', 24),
    loopWaitMs: loopWaitDto,
    clockOffsetMs: whole(
      "Its clock against the workers'; absent where there is nobody to compare with.",
      -3,
    ).optional(),
    isClockStopped: z
      .boolean()
      .meta({ description: 'Its clock is so far off that it takes no edit, run or drain.', example: false }),
  })
  .meta({ id: 'MasterVitals', description: 'How a master does.' });

export const clusterDto = z
  .object({
    masters: z
      .array(
        z.object({
          id: text('Its id.', 'master-1'),
          address: text('Address it is reached at.', '10.0.0.5:8080'),
          pid: whole('Process id.', 4242),
          version: text('Version of fleetcron.', '0.1.0'),
          isLeader: flag('Whether it does the housekeeping.'),
          startedAt: instant('When it started.'),
          tzVersion: text('Version of its time zone data.', '2026b').optional(),
          vitals: masterVitalsDto.optional(),
        }),
      )
      .meta({ description: 'The masters that are there.' }),
    workers: z
      .array(workerDto)
      .meta({ description: 'The workers that are there, by id, each with how it does: `vitals`.' }),
    store: z
      .object({
        kind: z
          .enum(['etcd', 'embedded', 'memory'])
          .meta({ description: 'Which coordination store.', example: 'etcd' }),
        isUp: flag('Whether it answers.'),
        revision: whole('Its revision.', 918273).optional(),
        sizeBytes: whole('Size of its database.', 20_971_520).optional(),
        inUseBytes: whole('What of it is in use; the rest is given back by defragmenting.', 12_582_912).optional(),
        quotaBytes: whole('Size at which it refuses writes.', 2_147_483_648).optional(),
        alarms: z.array(z.string()).meta({ description: 'Raised alarms.', example: [] }),
        members: z
          .array(
            z.object({
              id: text('Its id.', '8e9e05c52164694d'),
              name: text('Its name.', 'etcd-1'),
              version: text('Its version.', '3.6.5'),
              isLeader: flag('Whether it leads.'),
            }),
          )
          .meta({ description: 'Members of the store.' }),
      })
      .meta({ description: 'Where definitions and what is live stand.' }),
    history: z
      .object({
        kind: z
          .enum(['mongodb', 'embedded', 'memory'])
          .meta({ description: 'Which history store.', example: 'mongodb' }),
        isUp: flag('Whether it answers.'),
        waitingRecords: whole('Records that wait for it.', 0).optional(),
      })
      .meta({ description: 'Where records and output stand.' }),
    watchLagMs: z.number().optional().meta({ description: 'How far lists may be behind the store.', example: 0 }),
    warnings: z
      .array(
        z.object({
          code: text('Stable and machine-readable; docs/operations.md lists them.', 'noWorker'),
          severity: z.enum(['warning', 'error']).meta({
            description: '`error`: fires or records are at stake, or will be soon. `warning`: it should be seen to.',
            example: 'error',
          }),
          message: text('In an English sentence: `text.en`.', 'No worker is up: nothing runs.'),
          text: wordsDto,
          since: instant('Since when, where that is known.').optional(),
          about: z
            .array(z.string())
            .optional()
            .meta({
              description: 'The workers, masters, jobs or alarms it is about: the 20 worst.',
              example: ['db1-7f3a'],
            }),
          detail: z
            .record(z.string(), z.number())
            .optional()
            .meta({ description: 'The figures behind it, units in their names.', example: { latenessP99Ms: 2600 } }),
        }),
      )
      .meta({ description: 'What is not as it should be, worst first; empty when all is well.' }),
  })
  .meta({ id: 'Cluster', description: 'The health of the whole.' });

export function toClusterDto(view: ClusterView): z.infer<typeof clusterDto> {
  return {
    masters: view.masters.map(({ vitals, ...master }) => ({
      ...master,
      startedAt: iso(master.startedAt),
      vitals: vitals && { ...vitals },
    })),
    workers: view.workers.map(toWorkerDto),
    store: {
      ...view.store,
      alarms: [...view.store.alarms],
      members: view.store.members.map((member) => ({ ...member })),
    },
    history: { ...view.history },
    watchLagMs: view.watchLagMs,
    warnings: view.warnings.map(({ text, since, about, detail, ...warning }) => ({
      ...warning,
      message: text.en,
      text: { ...text },
      since: iso(since),
      about: about?.slice(0, MAX_ABOUT),
      detail: detail && { ...detail },
    })),
  };
}
