import { JobControl } from '@app/jobs';
import { InvalidInput } from '@app/platform';
import { expect, it } from 'vitest';
import { doBulk } from './bulk.js';

it('a filter that matches more jobs than one call takes is refused, and nothing is done', async () => {
  let paused = 0;
  const jobs = {
    list: async () => ({ items: [{ name: 'a' }], nextCursor: 'more', total: 1_500 }),
    pause: async () => {
      paused += 1;
    },
  } as unknown as JobControl;
  const asked = doBulk(jobs, { action: 'pause', filter: {} }, { name: 'ann' });
  await expect(asked).rejects.toThrow(InvalidInput);
  await expect(asked).rejects.toMatchObject({ errors: [{ path: 'filter', message: expect.stringContaining('1500') }] });
  expect(paused).toBe(0);
});
