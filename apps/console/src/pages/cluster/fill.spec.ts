import { describe, expect, it } from 'vitest';
import { fillOf } from './fill';

describe('how full the store is', () => {
  it.each([
    [10, 100, { share: 0.1, tone: 'calm' }],
    [81, 100, { share: 0.81, tone: 'near' }],
    [95, 100, { share: 0.95, tone: 'full' }],
    [120, 100, { share: 1, tone: 'full' }],
  ] as const)('%i of %i', (size, quota, fill) => expect(fillOf(size, quota)).toEqual(fill));

  it('is not known without its size or its limit', () => {
    expect(fillOf(undefined, 100)).toBeUndefined();
    expect(fillOf(100, undefined)).toBeUndefined();
  });
});
