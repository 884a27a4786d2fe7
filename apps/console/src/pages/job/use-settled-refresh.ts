import { onScopeDispose } from 'vue';
import type { Change } from '@/live/changes';
import { useLive } from '@/live/live';

/** How long after a change the sums have taken it in: hours are summed up every ten seconds, from a history that follows. */
const SETTLED_MS = 12_000;

/**
 * Reads again what is summed up from history, some seconds after something that is counted has changed; and again where
 * more changed meanwhile, so that the last change is always counted, however many there are. Once at the beginning as
 * well: the last change may have been just before.
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

  want();
  useLive({ changed: (changes) => changes.some(isConcerned) && want(), reset: want });
  onScopeDispose(() => {
    isOver = true;
    clearTimeout(timer);
  });
}
