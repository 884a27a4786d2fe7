import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import type { Change } from '@/live/changes';
import type { LiveListener } from '@/live/live';
import { useSettledRefresh } from './use-settled-refresh';

const listeners = vi.hoisted(() => new Set<unknown>());
vi.mock('@/live/live', () => ({ useLive: (listener: unknown) => void listeners.add(listener) }));

const change = { kind: 'run', jobName: 'a' } as Change;
const tell = () => {
  for (const each of listeners as Set<LiveListener>) each.changed?.([change]);
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  listeners.clear();
});

it('reads once some seconds after a change, and once more for what changed meanwhile', async () => {
  const read = vi.fn(() => Promise.resolve());
  const scope = effectScope();
  scope.run(() => useSettledRefresh(() => true, read));
  // Once for what was before.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveBeenCalledTimes(1);
  tell();
  expect(read).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(11_900);
  tell();
  tell();
  await vi.advanceTimersByTimeAsync(200);
  expect(read).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveBeenCalledTimes(3);
  tell();
  scope.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveBeenCalledTimes(3);
});
