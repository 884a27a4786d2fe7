import { describe, expect, it } from 'vitest';
import { attemptsOf, retryAt } from './retry';

describe('the next attempt', () => {
  const before = { endTime: '2026-11-21T01:00:00.000Z' };
  const at = (seconds: number) => Date.parse(before.endTime) + seconds * 1000;

  it.each([
    [2, { limit: 3, delaySeconds: 240 }, 240],
    [3, { limit: 3, delaySeconds: 240 }, 480],
    [4, { limit: 3, delaySeconds: 60, factor: 3 }, 540],
    [4, { limit: 3, delaySeconds: 60, factor: 10, maxDelaySeconds: 600 }, 600],
    [2, { limit: 1 }, 10],
  ])('attempt %i of %o comes after %i s', (attempt, retry, seconds) => {
    expect(retryAt({ attempt }, before, { retry })).toBe(at(seconds));
  });

  it('is not known without a policy or an end', () => {
    expect(retryAt({ attempt: 2 }, before, undefined)).toBeUndefined();
    expect(retryAt({ attempt: 2 }, {}, { retry: { limit: 1 } })).toBeUndefined();
    expect([attemptsOf({ retry: { limit: 2 } }), attemptsOf({}), attemptsOf(undefined)]).toEqual([
      3,
      undefined,
      undefined,
    ]);
  });
});
