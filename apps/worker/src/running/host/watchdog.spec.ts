import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a watchdog', () => {
  it('is content while it is answered', () => {
    const stuck = vi.fn();
    const dog: Watchdog = new Watchdog(() => dog.answered(), stuck);
    vi.advanceTimersByTime(3_600_000);
    expect(stuck).not.toHaveBeenCalled();
    dog.stop();
  });

  it('barks after half a minute of silence', () => {
    const stuck = vi.fn();
    const dog = new Watchdog(() => {}, stuck);
    vi.advanceTimersByTime(30_000);
    expect(stuck).not.toHaveBeenCalled();
    vi.advanceTimersByTime(5_000);
    expect(stuck).toHaveBeenCalledOnce();
    dog.stop();
  });
});
