import { previewFires } from '@app/jobs';
import { Clock, InvalidInput } from '@app/platform';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { instant, instantInput, iso } from '../api/fields.js';
import { Operation } from '../api/operation.js';
import { Needs } from '../auth/access.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';

const previewBody = z
  .strictObject({
    cronExpr: z.string().max(2000).meta({ description: 'The expression.', example: '0 2 * * *' }),
    timezone: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'IANA zone; UTC unless given.', example: 'Europe/Berlin' }),
    name: z
      .string()
      .max(128)
      .optional()
      .meta({ description: 'Name of the job: decides what `H` stands for.', example: 'nightly-report' }),
    startAt: instantInput('Fires only at or after.').optional(),
    endAt: instantInput('Fires only before.').optional(),
    from: instantInput('Fires strictly after this; now unless given.').optional(),
    count: z.number().int().min(1).max(500).default(10).meta({ description: 'How many fires.', example: 10 }),
    locale: z.enum(['en', 'zh']).default('en').meta({ description: 'Language of the description.', example: 'en' }),
  })
  .meta({ id: 'SchedulePreviewRequest', description: 'A schedule nobody has saved yet.' });

const previewDto = z
  .object({
    fires: z
      .array(instant('A fire.'))
      .meta({ description: 'The next fires, ascending; fewer where the schedule ends.' }),
    description: z
      .string()
      .meta({ description: 'The schedule in plain words.', example: 'Every day at 02:00 (Europe/Berlin)' }),
    clockChanges: z
      .array(
        z.object({
          at: instant('When the clocks of the zone change.', '2027-03-28T01:00:00.000Z'),
          bySeconds: z.number().int().meta({ description: 'How far; positive: forward.', example: 3600 }),
        }),
      )
      .meta({ description: 'Changes of the clocks among these fires.' }),
  })
  .meta({ id: 'SchedulePreview', description: 'What a schedule would do.' });

@ApiTags('Schedules')
@Controller('api/v1/schedules')
export class SchedulesController {
  private readonly clock: Clock;

  constructor(@Inject(MASTER_PARTS) parts: MasterParts) {
    this.clock = parts.clock;
  }

  @Post('preview')
  @Needs('viewer')
  @Operation({
    id: 'previewSchedule',
    summary: 'The next fires of a schedule, before it is saved',
    answer: previewDto,
    errors: { 422: 'The schedule breaks a rule; `errors` says which and why.' },
  })
  preview(@Body({ schema: previewBody }) body: z.infer<typeof previewBody>): z.infer<typeof previewDto> {
    if (body.startAt !== undefined && body.endAt !== undefined && body.endAt <= body.startAt) {
      throw new InvalidInput([{ path: 'endAt', message: 'must be after startAt' }]);
    }
    const { fires, description, clockChanges } = previewFires({ ...body, from: body.from ?? this.clock.now() });
    return {
      fires: fires.map((at) => iso(at)),
      description,
      clockChanges: clockChanges.map(({ at, bySeconds }) => ({ at: iso(at), bySeconds })),
    };
  }
}
