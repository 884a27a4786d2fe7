import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { ApiProblem } from '@/api/problem';
import type { Change } from './changes';
import type { LiveListener } from './live';
import { useRefresh } from './use-refresh';

const listeners = vi.hoisted(() => new Set<unknown>());
vi.mock('./live', () => ({ useLive: (listener: unknown) => void listeners.add(listener) }));

const tell = () => {
  for (const each of listeners as Set<LiveListener>) each.changed?.([{ kind: 'job', name: 'a' } as Change]);
};
const failed = (status: number) => Promise.resolve({ status: 'error', error: new ApiProblem('x', 'x', status) });
const done = () => Promise.resolve({ status: 'success', error: null });

let read: ReturnType<typeof vi.fn<() => Promise<unknown>>>;
const scope = effectScope(true);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', {
    visibilityState: 'visible',
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  });
  read = vi.fn(done);
  scope.run(() => useRefresh(() => true, read));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  listeners.clear();
});

it('reads at once after a change, and once more for all that changed within two seconds', async () => {
  tell();
  await vi.advanceTimersByTimeAsync(100);
  tell();
  tell();
  expect(read).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveBeenCalledTimes(2);
});

it.each([0, 503])('reads again what failed with %i, until it is answered', async (status) => {
  read.mockImplementationOnce(() => failed(status)).mockImplementationOnce(() => Promise.reject(new Error('gone')));
  tell();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveBeenCalledTimes(3);
});

it('leaves what will not do better', async () => {
  read.mockImplementationOnce(() => failed(404));
  tell();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveBeenCalledTimes(1);
});
