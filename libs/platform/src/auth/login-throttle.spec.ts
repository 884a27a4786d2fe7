import { describe, expect, it } from 'vitest';
import { Clock } from '../clock.js';
import { LoginThrottle } from './login-throttle.js';

function clockAt(state: { ms: number }): Clock {
  return { now: () => state.ms, monotonic: () => state.ms, boot: () => state.ms, timer: () => () => {} };
}

describe('LoginThrottle', () => {
  it('slows a hundred wrong passwords, then lets the right one through', () => {
    const time = { ms: 0 };
    const throttle = new LoginThrottle(clockAt(time));
    let tried = 0;
    for (let attempt = 0; attempt < 100; attempt += 1) {
      tried += throttle.admit('ann', '10.0.0.1') === 0 ? 1 : 0;
    }
    expect(tried).toBe(10);

    const waitMs = throttle.admit('ann', '10.0.0.1');
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(2_000);
    time.ms += waitMs;
    expect(throttle.admit('ann', '10.0.0.1')).toBe(0);
  });

  it('slows many addresses that try one user', () => {
    const throttle = new LoginThrottle(clockAt({ ms: 0 }));
    const tried = Array.from({ length: 100 }, (_, i) => throttle.admit('ann', `10.0.0.${i}`)).filter((ms) => ms === 0);
    expect(tried).toHaveLength(20);
  });

  it('slows one address that tries many users', () => {
    const throttle = new LoginThrottle(clockAt({ ms: 0 }));
    const tried = Array.from({ length: 100 }, (_, i) => throttle.admit(`user${i}`, '10.0.0.1')).filter(
      (ms) => ms === 0,
    );
    expect(tried).toHaveLength(10);
  });

  it('never keeps the owner out of a familiar address, whatever others do', () => {
    const throttle = new LoginThrottle(clockAt({ ms: 0 }));
    expect(throttle.admit('ann', '10.0.0.1')).toBe(0);
    throttle.succeeded('ann', '10.0.0.1');
    for (let i = 0; i < 1_000; i += 1) {
      throttle.admit('ann', `10.9.${i >> 8}.${i & 255}`);
    }
    expect(throttle.admit('ann', '10.0.0.1')).toBe(0);
  });

  it('does not count right passwords', () => {
    const throttle = new LoginThrottle(clockAt({ ms: 0 }));
    for (let i = 0; i < 100; i += 1) {
      expect(throttle.admit('ann', '10.0.0.1')).toBe(0);
      throttle.succeeded('ann', '10.0.0.1');
    }
  });
});
