import { FieldError } from '@app/platform';
import { z } from 'zod';
import { faultWords } from '../words/fault-words.js';
import { wordsDto } from '../words/words.js';

/** One thing that is wrong with an input, and where. */
export const fieldFaultDto = z
  .object({
    path: z.string().meta({ description: 'Which field; empty: the input as a whole.', example: 'cronExpr' }),
    message: z.string().meta({ description: 'What is wrong with it.', example: 'hour 25 is outside 0 to 23' }),
    text: wordsDto,
  })
  .meta({ id: 'FieldFault', description: 'What is wrong with a field.' });

/** As it travels. */
export type FieldFault = z.infer<typeof fieldFaultDto>;

/** A field error with its sentence in both languages. */
export function toFieldFault({ path, message }: FieldError): FieldFault {
  return { path, message, text: faultWords(message) };
}

/** Something to look at, in both languages. */
export const noteDto = z
  .object({
    message: z.string().meta({ description: 'In a sentence.', example: 'output is kept with each run' }),
    text: wordsDto,
  })
  .meta({ id: 'Note', description: 'Something to look at.' });

/** A note as it travels. */
export function toNote(message: string): z.infer<typeof noteDto> {
  return { message, text: faultWords(message) };
}
