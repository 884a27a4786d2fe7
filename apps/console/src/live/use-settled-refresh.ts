import { onScopeDispose } from 'vue';
import type { Change } from './changes';
import { useLive } from './live';

/** How long after a change the sums have taken it in: hours are summed up every ten seconds, from a history that follows. */
const SETTLED_MS = 12_000;

/**
 * Reads again what comes from history, `afterMs` (12 s) after something that is counted has changed; and again where
 * more changed meanwhile, so that the last change is always counted, however many there are. Once at the beginning as
 * well: the last change may have been just before. Not while the page is hidden: then once when it is seen again.
 */
export function useSettledRefresh(
  isConcerned: (change: Change) => boolean,
  read: () => Promise<unknown>,
  { afterMs = SETTLED_MS } = {},
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isChangedSince = false;
  let isOver = false;

  function want(): void {
    if (timer) {
      isChangedSince = true;
      return;
    }
    timer = setTimeout(async () => {
      if (document.visibilityState === 'hidden') isChangedSince = true;
      else await read().catch(() => undefined);
      timer = undefined;
      if (isChangedSince && !isOver) {
        isChangedSince = false;
        want();
      }
    }, afterMs);
  }

  want();
  useLive({ changed: (changes) => changes.some(isConcerned) && want(), reset: want });
  onScopeDispose(() => {
    isOver = true;
    clearTimeout(timer);
  });
}
