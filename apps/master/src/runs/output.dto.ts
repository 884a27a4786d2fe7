import { z } from 'zod';
import { instant, wholeNumber } from '../api/fields.js';

const stream = z.enum(['stdout', 'stderr']).meta({ description: 'Which of the two.', example: 'stdout' });

export const outputPieceDto = z
  .object({
    seq: z.number().int().meta({ description: 'Its place among all pieces of the run.', example: 0 }),
    stream,
    at: instant('When it was read.'),
    offset: z
      .number()
      .int()
      .meta({ description: 'Offset of its first byte in its stream, counting what was cut.', example: 0 }),
    cutBefore: z.number().int().meta({ description: 'Bytes left out immediately before it.', example: 0 }),
    text: z.string().meta({
      description:
        'What was written. Bytes that are no UTF-8 are shown as U+FFFD; `format=raw` gives them as they are.',
      example: 'done\n',
    }),
  })
  .meta({ id: 'OutputPiece', description: 'A piece of output.' });

export const outputDto = z
  .object({
    items: z.array(outputPieceDto).meta({ description: 'Pieces in the order they were written.' }),
    nextSeq: z.number().int().meta({ description: 'Pass it as `fromSeq` for what follows.', example: 1 }),
    isComplete: z.boolean().meta({ description: 'The run has ended and nothing follows.', example: true }),
  })
  .meta({ id: 'Output', description: 'Some of the output of a run.' });

const fromSeq = wholeNumber('Only pieces from this one on.', { min: 0, max: 999_999_999, fallback: 0 });

export const followQuery = z.strictObject({ fromSeq });

export const outputQuery = z.strictObject({
  stream: stream.optional(),
  offset: wholeNumber('Only what stands at or after this byte of its stream.', {
    min: 0,
    max: 999_999_999,
    fallback: 0,
  }),
  fromSeq,
  limit: wholeNumber('How many pieces at most; of JSON only.', { min: 1, max: 1000, fallback: 200 }),
  format: z
    .enum(['json', 'raw'])
    .default('json')
    .meta({ description: '`raw`: all of it as plain bytes, to save in a file.', example: 'json' }),
});
