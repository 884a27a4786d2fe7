import { z } from 'zod';

/** The same said in both languages of the console. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

export const wordsDto = z
  .object({
    en: z.string().meta({ description: 'In English.', example: 'exit code 2' }),
    zh: z.string().meta({ description: 'In Chinese.', example: '退出码 2' }),
  })
  .meta({ id: 'Words', description: 'The same said in both languages of the console.' });
