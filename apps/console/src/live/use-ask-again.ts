import { onScopeDispose } from 'vue';

/** Reads again every `everyMs` while the page is seen: for what changes without an event. A failure is left for the next time. */
export function useAskAgain(read: () => Promise<unknown>, everyMs: number): void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void read().catch(() => undefined);
  }, everyMs);
  onScopeDispose(() => clearInterval(timer));
}
