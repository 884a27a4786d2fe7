import { z } from 'zod';
import { instant, iso } from '../api/fields.js';
import { ClusterView } from '../ports/cluster-status.js';
import { wordsDto } from '../words/words.js';

const text = (description: string, example: string) => z.string().meta({ description, example });
const whole = (description: string, example: number) => z.number().int().meta({ description, example });
const flag = (description: string) => z.boolean().meta({ description, example: true });

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
        }),
      )
      .meta({ description: 'The masters that are there.' }),
    store: z
      .object({
        kind: z
          .enum(['etcd', 'embedded', 'memory'])
          .meta({ description: 'Which coordination store.', example: 'etcd' }),
        isUp: flag('Whether it answers.'),
        revision: whole('Its revision.', 918273).optional(),
        sizeBytes: whole('Size of its database.', 20_971_520).optional(),
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
          code: text('Stable and machine-readable.', 'noWorker'),
          message: text('In an English sentence: `text.en`.', 'No worker is up: nothing runs.'),
          text: wordsDto,
        }),
      )
      .meta({ description: 'What is not as it should be, worst first; empty when all is well.' }),
  })
  .meta({ id: 'Cluster', description: 'The health of the whole.' });

export function toClusterDto(view: ClusterView): z.infer<typeof clusterDto> {
  return {
    masters: view.masters.map((master) => ({ ...master, startedAt: iso(master.startedAt) })),
    store: {
      ...view.store,
      alarms: [...view.store.alarms],
      members: view.store.members.map((member) => ({ ...member })),
    },
    history: { ...view.history },
    watchLagMs: view.watchLagMs,
    warnings: view.warnings.map(({ code, text }) => ({ code, message: text.en, text: { ...text } })),
  };
}
