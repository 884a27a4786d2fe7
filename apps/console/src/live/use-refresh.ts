import { onScopeDispose } from 'vue';
import { problemOf } from '@/api/problem';
import type { Change } from './changes';
import { useLive } from './live';

/**
 * Reads again when something that is shown has changed: at once for the first change, then at most every `everyMs`
 * (2 s), never two at a time, and not while the page is hidden: then once when it is seen again. A reading that
 * failed and may do better is made again. What is shown stays where it is until the new facts are there.
 */
export function useRefresh(
  isConcerned: (change: Change) => boolean,
  read: () => Promise<unknown>,
  { everyMs = 2_000 } = {},
): void {
  let isWanted = false;
  let isBusy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  async function refresh(): Promise<void> {
    if (isBusy || timer || isOver || document.visibilityState === 'hidden') {
      return;
    }
    isWanted = false;
    isBusy = true;
    if (await mayDoBetter(read)) isWanted = true;
    isBusy = false;
    if (!isOver) {
      timer = setTimeout(() => {
        timer = undefined;
        if (isWanted) void refresh();
      }, everyMs);
    }
  }

  function want(): void {
    isWanted = true;
    void refresh();
  }

  const seen = (): void => {
    if (document.visibilityState === 'visible' && isWanted) void refresh();
  };
  document.addEventListener('visibilitychange', seen);
  useLive({ changed: (changes) => changes.some(isConcerned) && want(), reset: want });
  onScopeDispose(() => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  });
}

/** Reads; whether it failed for now only. A query does not throw, it gives its state. */
async function mayDoBetter(read: () => Promise<unknown>): Promise<boolean> {
  const state = (await read().catch((error: unknown) => ({ error }))) as { readonly error?: unknown } | undefined;
  if (!state?.error) return false;
  const { status } = problemOf(state.error);
  return status === 0 || status >= 500;
}
