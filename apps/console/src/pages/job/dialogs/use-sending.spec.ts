import { expect, it, vi } from 'vitest';
import { notifyDone } from '@/ui/notify';
import { useSending } from './use-sending';

vi.mock('@/ui/notify', () => ({ notifyDone: vi.fn() }));

it('tells what was done and closes; a failure stays, and is gone with the next try', async () => {
  const done = vi.fn();
  const { isOpen, isBusy, failure, send } = useSending(done);
  await send(() => Promise.reject(new Error('away')));
  expect(failure.value).toBeDefined();
  expect([isOpen.value, isBusy.value]).toEqual([true, false]);
  expect(done).not.toHaveBeenCalled();
  await send(async () => 'Set back.');
  expect(notifyDone).toHaveBeenCalledWith('Set back.');
  expect(failure.value).toBeUndefined();
  expect(isOpen.value).toBe(false);
  expect(done).toHaveBeenCalledOnce();
});

it('sends once, however often it is asked', async () => {
  const { send } = useSending(() => undefined);
  const sent = vi.fn(async () => 'done');
  await Promise.all([send(sent), send(sent)]);
  expect(sent).toHaveBeenCalledOnce();
});
