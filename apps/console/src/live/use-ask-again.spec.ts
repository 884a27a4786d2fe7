import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { useAskAgain } from './use-ask-again';

const page = { visibilityState: 'visible' };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('reads again and again while the page is seen, over failures, until nobody looks any more', async () => {
  const read = vi.fn(() => Promise.reject(new Error('away')));
  const scope = effectScope();
  scope.run(() => useAskAgain(read, 1_000));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(read).toHaveBeenCalledTimes(2);
  page.visibilityState = 'hidden';
  await vi.advanceTimersByTimeAsync(2_000);
  expect(read).toHaveBeenCalledTimes(2);
  page.visibilityState = 'visible';
  await vi.advanceTimersByTimeAsync(1_000);
  scope.stop();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(read).toHaveBeenCalledTimes(3);
});
