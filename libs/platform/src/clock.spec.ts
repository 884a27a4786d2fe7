import { describe, expect, it } from 'vitest';
import { within } from './clock.js';
import { ManualClock } from './manual-clock.js';

describe('an answer that is waited for so long', () => {
  const never = new Promise<never>(() => {});

  it('is given when it comes in time, and no timer is left', async () => {
    const clock = new ManualClock();
    expect(await within(clock, 10, Promise.resolve('answer'), 'late')).toBe('answer');
    expect(clock.pendingTimers).toBe(0);
  });

  it('is late from then on', async () => {
    const clock = new ManualClock();
    let outcome: string | undefined;
    void within(clock, 10, never, 'late').then((given) => {
      outcome = given;
    });
    await clock.advanceAsync(9);
    expect(outcome).toBeUndefined();
    await clock.advanceAsync(1);
    expect(outcome).toBe('late');
  });

  it('fails as it does, and no timer is left', async () => {
    const clock = new ManualClock();
    await expect(within(clock, 10, Promise.reject(new Error('no')), 'late')).rejects.toThrow('no');
    expect(clock.pendingTimers).toBe(0);
  });
});
