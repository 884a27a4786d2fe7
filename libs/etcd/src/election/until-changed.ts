import { Clock, pause } from '@app/platform';
import { CoordinationStore } from '../port/coordination-store.js';

/** What to wait for, and how long. */
export interface ChangeWanted {
  readonly store: CoordinationStore;
  readonly clock: Clock;
  /** This key alone, not those that start with it. */
  readonly key: string;
  readonly fromRevision: number;
  /** Longest wait, ms. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** A watch that broke is not asked again before this. */
const AFTER_BREAK_MS = 1_000;

/** Resolves when the key may have changed: an event, a watch that broke, the end of the time, or an abort. Never rejects. */
export async function untilChanged(wanted: ChangeWanted): Promise<void> {
  const { store, clock, key, fromRevision, withinMs, signal } = wanted;
  const over = new AbortController();
  const stop = (): void => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  const watch = store.watch(key, fromRevision, {
    events: (events) => {
      if (events.some((event) => (event.kind === 'put' ? event.entry.key : event.key) === key)) stop();
    },
    startOver: () => void pause(clock, AFTER_BREAK_MS, over.signal).then(stop),
  });
  await pause(clock, signal.aborted ? 0 : withinMs, over.signal);
  signal.removeEventListener('abort', stop);
  watch.close();
}
