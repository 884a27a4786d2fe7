import { onScopeDispose } from 'vue';
import type { Change } from '@/live/changes';
import { useLive } from '@/live/live';

/** How long after a change the sums have taken it in: history is written behind the store. */
const SETTLED_MS = 4_000;

/**
 * Reads again what is summed up from history, four seconds after something that is counted has changed; and again four
 * seconds later where more changed meanwhile. So the last change is always counted, however many there are.
 */
export function useSettledRefresh(isConcerned: (change: Change) => boolean, read: () => Promise<unknown>): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isChangedSince = false;
  let isOver = false;

  function want(): void {
    if (timer) {
      isChangedSince = true;
      return;
    }
    timer = setTimeout(async () => {
      await read().catch(() => undefined);
      timer = undefined;
      if (isChangedSince && !isOver) {
        isChangedSince = false;
        want();
      }
    }, SETTLED_MS);
  }

  useLive({ changed: (changes) => changes.some(isConcerned) && want(), reset: want });
  onScopeDispose(() => {
    isOver = true;
    clearTimeout(timer);
  });
}
