import { expect, it } from 'vitest';
import { doForEach } from './do-for-each';

it('does it to each, a few at a time, and one that fails stops no other', async () => {
  let now = 0;
  let most = 0;
  const { done, failed } = await doForEach(
    Array.from({ length: 20 }, (_, n) => n),
    async (n) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      if (n === 7) throw new Error('not this one');
    },
  );
  expect(done).toHaveLength(19);
  expect(failed).toEqual([{ item: 7, error: new Error('not this one') }]);
  expect(most).toBeLessThanOrEqual(6);
});
