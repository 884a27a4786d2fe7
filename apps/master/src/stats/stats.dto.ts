import { RUN_STATUSES } from '@app/jobs';
import { z } from 'zod';
import { instant } from '../api/fields.js';
import { windowField } from '../api/window.js';

const counts = z
  .partialRecord(z.enum(RUN_STATUSES), z.number().int())
  .meta({ description: 'Fires and runs by how they ended.', example: { succeeded: 1400, failed: 3, missed: 1 } });
const timedRuns = z.number().int().meta({ description: 'How many runs it is of.', example: 1403 });
const ms = (description: string, example: number) => z.number().optional().meta({ description, example });

export const statsDto = z
  .object({
    from: instant('Start of the window, a full hour.'),
    to: instant('End of the window.'),
    total: z.number().int().meta({ description: 'Fires and runs in all.', example: 1404 }),
    counts,
    successRate: z.number().optional().meta({
      description: 'Share of the runs that succeeded, 0 to 1; absent where none ran.',
      example: 0.998,
    }),
    duration: z
      .object({
        runs: timedRuns,
        p50Ms: ms('Half of the runs took no longer.', 1200),
        p95Ms: ms('95 of 100 took no longer.', 4100),
        averageMs: ms('On average.', 1480),
        maxMs: ms('The longest.', 63000),
      })
      .meta({
        description:
          'How long the runs took that came to their own end: succeeded, or failed with an exit code. Percentiles are means of runs that took nearly the same.',
      }),
    lateness: z
      .object({
        p50Ms: ms('Half of the fires started earlier.', 40),
        p95Ms: ms('95 of 100 started earlier.', 180),
        maxMs: ms('The latest.', 900),
      })
      .meta({
        description: 'From the scheduled time to the start. Percentiles are means of fires that were nearly as late.',
      }),
    hours: z
      .array(
        z.object({
          at: instant('Start of the hour.'),
          counts,
          duration: z
            .object({
              runs: timedRuns,
              p50Ms: ms('Half of its runs took no longer.', 1200),
              p95Ms: ms('95 of 100 took no longer.', 4100),
              maxMs: ms('The longest.', 63000),
            })
            .meta({ description: 'How long its runs took that came to their own end; no times where none did.' }),
        }),
      )
      .meta({ description: 'Hour by hour, ascending; hours without any are left out.' }),
  })
  .meta({ id: 'Stats', description: 'What a stretch of time came to. From roll-ups, a few seconds behind.' });

export const statsQuery = z.strictObject({ window: windowField });
