import { afterEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { useIsNarrow } from './use-is-narrow';

afterEach(() => vi.unstubAllGlobals());

it('follows the window for as long as somebody looks', () => {
  const media = Object.assign(new EventTarget(), { matches: false });
  vi.stubGlobal('matchMedia', () => media);
  const scope = effectScope();
  const isNarrow = scope.run(() => useIsNarrow())!;
  expect(isNarrow.value).toBe(false);
  media.matches = true;
  media.dispatchEvent(new Event('change'));
  expect(isNarrow.value).toBe(true);
  scope.stop();
  media.matches = false;
  media.dispatchEvent(new Event('change'));
  expect(isNarrow.value).toBe(true);
});
