import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { useCopy } from './use-copy';

const writeText = vi.fn();
const field = { value: '', style: {}, select: vi.fn(), remove: vi.fn() };
const execCommand = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  vi.stubGlobal('document', { createElement: () => field, body: { append: vi.fn() }, execCommand });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const copying = () => effectScope().run(() => useCopy())!;

it('says for a moment that it has copied, from the last time on', async () => {
  writeText.mockResolvedValue(undefined);
  const { isCopied, copy } = copying();
  expect(await copy('crontab')).toBe(true);
  vi.advanceTimersByTime(1_500);
  await copy('crontab');
  vi.advanceTimersByTime(1_500);
  expect(isCopied.value).toBe(true);
  vi.advanceTimersByTime(500);
  expect(isCopied.value).toBe(false);
});

it('goes the old way without a clipboard, and says nothing where that fails as well', async () => {
  writeText.mockRejectedValue(new Error('no https'));
  execCommand.mockReturnValueOnce(true);
  const { isCopied, copy } = copying();
  expect(await copy('crontab')).toBe(true);
  expect(field.value).toBe('crontab');
  vi.advanceTimersByTime(2_000);
  execCommand.mockReturnValueOnce(false);
  expect(await copy('crontab')).toBe(false);
  expect(isCopied.value).toBe(false);
});
