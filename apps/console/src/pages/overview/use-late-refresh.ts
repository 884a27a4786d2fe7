import { onScopeDispose } from 'vue';
import type { Change } from '@/live/changes';
import { useLive } from '@/live/live';
import { useRefresh } from '@/live/use-refresh';

/** Longer than a record usually takes to reach history. */
const LATER_MS = 3_000;
/** For records that come much later: history was away. */
const ASK_AGAIN_MS = 60_000;

/**
 * As `useRefresh`, for what is read from history, which hears of a change a moment after it is told: reads once more when
 * no change has come for 3 s, and each minute while the page is seen.
 */
export function useLateRefresh(
  isConcerned: (change: Change) => boolean,
  read: () => Promise<unknown>,
  options: { everyMs: number },
): void {
  let later: ReturnType<typeof setTimeout> | undefined;
  const readQuietly = (): void => {
    if (document.visibilityState === 'visible') void read().catch(() => undefined);
  };
  useRefresh(isConcerned, read, options);
  useLive({
    changed(changes) {
      if (!changes.some(isConcerned)) return;
      clearTimeout(later);
      later = setTimeout(readQuietly, LATER_MS);
    },
  });
  const timer = setInterval(readQuietly, ASK_AGAIN_MS);
  onScopeDispose(() => {
    clearTimeout(later);
    clearInterval(timer);
  });
}
