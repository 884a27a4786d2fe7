import type { Worker } from '@fleetcron/sdk';

/** A worker that was there and is no more. */
export interface Departed {
  readonly worker: Worker;
  /** When that was noticed, epoch milliseconds. */
  readonly since: number;
}

/** How long those who went are remembered. */
export const REMEMBERED_MS = 15 * 60_000;
const MOST = 50;

/**
 * Who has gone: those of `before` that are not in `now` are added, those who are back are taken out, and so are those
 * who went long ago. At most 50, the latest.
 */
export function departedNow(
  known: readonly Departed[],
  { before, now, at }: { before: readonly Worker[]; now: readonly Worker[]; at: number },
): readonly Departed[] {
  const present = new Set(now.map(({ id }) => id));
  const staying = known.filter(({ worker, since }) => !present.has(worker.id) && at - since < REMEMBERED_MS);
  const noted = new Set(staying.map(({ worker }) => worker.id));
  const fresh = before.filter(({ id }) => !present.has(id) && !noted.has(id)).map((worker) => ({ worker, since: at }));
  return [...staying, ...fresh].slice(-MOST);
}
