import { z } from 'zod';
import { flag, instant, instantInput, text, wholeNumber } from '../api/fields.js';
import { InvalidQuery } from '../http/http-errors.js';
import { spanOf } from '../ledger/span.js';
import { DensitySpan } from './density.js';

const MAX_STEPS = 1_500;

export const densityQuery = z.strictObject({
  from: instantInput('From when on; rounded down to a whole step. Default: now.').optional(),
  to: instantInput('Until when; rounded up to a whole step. Default: a day after `from`.').optional(),
  stepSeconds: wholeNumber(`Length of a step; at most ${MAX_STEPS} are given.`, { min: 60, max: 3600, fallback: 300 }),
  toCome: flag('Only fires to come: steps that are over count nothing, the present one what is left of it.'),
  group: text('Only jobs of this group.', 'default', 128).optional(),
  search: text('Only jobs with this text in their name.', 'report').optional(),
});

export const densityDto = z
  .object({
    from: instant('Start of the first step.', '2026-12-01T08:00:00.000Z'),
    to: instant('End of the last step.', '2026-12-02T08:00:00.000Z'),
    stepSeconds: z.number().int().meta({ description: 'Length of a step.', example: 300 }),
    counts: z.array(z.number().int()).meta({ description: 'Fires per step, in order.', example: [12, 0, 3] }),
    isComplete: z.boolean().meta({
      description: 'False: there are too many schedules to count them all, so the counts are too low.',
      example: true,
    }),
  })
  .meta({ id: 'PlanDensity', description: 'How crowded the time to come is.' });

/** The span asked for, in whole steps; from now on where only what is to come is counted. Throws InvalidQuery for one that is empty or has too many steps. */
export function densitySpanOf(query: z.infer<typeof densityQuery>, now: number): DensitySpan {
  const stepMs = query.stepSeconds * 1000;
  const { from, to } = spanOf(query, now);
  const span = { from: Math.floor(from / stepMs) * stepMs, to: Math.ceil(to / stepMs) * stepMs, stepMs };
  if ((span.to - span.from) / stepMs > MAX_STEPS) {
    throw new InvalidQuery([{ path: 'stepSeconds', message: `makes more than ${MAX_STEPS} steps of this span` }]);
  }
  return query.toCome ? { ...span, since: now } : span;
}
