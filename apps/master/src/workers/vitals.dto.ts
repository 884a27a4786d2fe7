import type { Vitals } from '@app/jobs';
import { z } from 'zod';
import { instant, iso } from '../api/fields.js';

const whole = (description: string, example: number) => z.number().int().meta({ description, example });

/** Of a worker or a master. */
export const loopWaitDto = whole(
  'For how long of the longest standstill there was no processor for it: the machine was too busy. Absent where its system does not tell.',
  9,
).optional();

export const vitalsDto = z
  .object({
    fires: whole('Scheduled fires it started; neither catch-ups nor fires that waited for a lock.', 120),
    latenessP99Ms: whole('What 99 of 100 of them were not later than; 0 without fires.', 73),
    latenessMaxMs: whole('The latest of them; 0 without fires.', 127),
    claims: whole('Claims the store answered.', 124),
    refused: whole('Claims it refused because another worker had decided.', 0),
    refusedShare: z
      .number()
      .optional()
      .meta({ description: '`refused` of `claims`, 0 to 1; absent without claims.', example: 0 }),
    writeRequests: whole('Write requests it sent for runs; beats and keep-alives are not among them.', 96),
    writeRequestsPerFire: z
      .number()
      .optional()
      .meta({ description: '`writeRequests` for each of `fires`; absent without fires.', example: 0.8 }),
    watchLagMs: whole('How far what it knows may be behind the store, now.', 4),
    loopStallMs: whole('The longest time its process stood still.', 12),
    loopWaitMs: loopWaitDto,
    spoolBytes: whole('Bytes on its disk that wait for history, now.', 0),
    historyAwaySince: instant('Since when history takes nothing from it; absent while it does.').optional(),
  })
  .meta({ id: 'WorkerVitals', description: 'How a worker does: of about the last minute, unless it says otherwise.' });

export function toVitalsDto(vitals: Vitals): z.infer<typeof vitalsDto> {
  const { fires, claims, refused, writeRequests, historyAwaySince } = vitals;
  return {
    ...vitals,
    ...(claims > 0 && { refusedShare: rounded(refused / claims, 4) }),
    ...(fires > 0 && { writeRequestsPerFire: rounded(writeRequests / fires, 2) }),
    historyAwaySince: iso(historyAwaySince),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
