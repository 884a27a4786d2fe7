import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import type { Change } from './changes';
import type { LiveListener } from './live';
import { useSettledRefresh } from './use-settled-refresh';

const listeners = vi.hoisted(() => new Set<unknown>());
vi.mock('./live', () => ({ useLive: (listener: unknown) => void listeners.add(listener) }));

const change = { kind: 'run', jobName: 'a' } as Change;
const tell = () => {
  for (const each of listeners as Set<LiveListener>) each.changed?.([change]);
};

const page = { visibilityState: 'visible' };

beforeEach(() => {
  vi.useFakeTimers();
  page.visibilityState = 'visible';
  vi.stubGlobal('document', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
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

it('reads as soon as it is told to, and not before the page is seen', async () => {
  const read = vi.fn(() => Promise.resolve());
  const scope = effectScope();
  scope.run(() => useSettledRefresh(() => true, read, { afterMs: 3_000 }));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(read).toHaveBeenCalledTimes(1);
  page.visibilityState = 'hidden';
  tell();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveBeenCalledTimes(1);
  page.visibilityState = 'visible';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveBeenCalledTimes(2);
  scope.stop();
});
