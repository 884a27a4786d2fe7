import { z } from 'zod';
import { wordsDto } from '../words/words.js';
import { fieldFaultDto } from './field-fault.dto.js';

/** RFC 9457, for the document: what every error answer looks like. */
export const problemDto = z
  .object({
    type: z.string().meta({ description: 'Always `about:blank`; `code` tells the kind.', example: 'about:blank' }),
    title: z.string().meta({ description: 'The status in words.', example: 'Unprocessable Content' }),
    status: z.number().int().meta({ description: 'The HTTP status.', example: 422 }),
    code: z.string().meta({ description: 'Stable and machine-readable.', example: 'invalid_input' }),
    detail: z
      .string()
      .meta({ description: 'What happened, for people.', example: 'cronExpr: hour 25 is outside 0 to 23' }),
    text: wordsDto,
    requestId: z
      .string()
      .meta({ description: 'Quote it to whoever runs this: it is in the log.', example: '6f1c0a52' }),
    errors: z.array(fieldFaultDto).optional().meta({ description: 'For input: every field that is wrong.' }),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' });
