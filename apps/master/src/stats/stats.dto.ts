import { RUN_STATUSES } from '@app/jobs';
import { z } from 'zod';
import { instant } from '../api/fields.js';
import { windowField } from '../api/window.js';

const counts = z
  .partialRecord(z.enum(RUN_STATUSES), z.number().int())
  .meta({ description: 'Fires and runs by how they ended.', example: { succeeded: 1400, failed: 3, missed: 1 } });
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
        p50Ms: ms('Half of the runs took less.', 1200),
        p95Ms: ms('95 of 100 took less.', 4100),
        averageMs: ms('On average.', 1480),
        maxMs: ms('The longest.', 63000),
      })
      .meta({ description: 'How long runs took; estimated within buckets.' }),
    lateness: z
      .object({
        p50Ms: ms('Half of the fires started earlier.', 40),
        p95Ms: ms('95 of 100 started earlier.', 180),
        maxMs: ms('The latest.', 900),
      })
      .meta({ description: 'From the scheduled time to the start; estimated within buckets.' }),
    hours: z
      .array(
        z.object({
          at: instant('Start of the hour.'),
          counts,
          duration: z
            .object({
              p50Ms: ms('Half of its runs took less.', 1200),
              p95Ms: ms('95 of 100 took less.', 4100),
              maxMs: ms('The longest.', 63000),
            })
            .meta({ description: 'How long its runs took; empty where none ran.' }),
        }),
      )
      .meta({ description: 'Hour by hour, ascending; hours without any are left out.' }),
  })
  .meta({ id: 'Stats', description: 'What a stretch of time came to. From roll-ups, a few seconds behind.' });

export const statsQuery = z.strictObject({ window: windowField });
