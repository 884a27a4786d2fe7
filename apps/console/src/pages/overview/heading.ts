import type { Attention, Cluster } from '@fleetcron/sdk';

/** What the heading says: that all is well, how many things are not, or that nobody knows. */
export type Heading =
  | { readonly state: 'wait' | 'unknown' | 'well' }
  | { readonly state: 'look'; readonly count: number };

/** With these something may have happened that no record tells of yet. */
const BLIND: ReadonlySet<string> = new Set(['noLeader', 'watchBehind', 'noWorker', 'workerHistoryAway']);

/** Counts what is wrong with the whole, and what went wrong and was not made good by a success since. */
export function headingOf(
  cluster: Pick<Cluster, 'warnings'> | undefined,
  attention: Attention | undefined,
  hasFailed: boolean,
): Heading {
  if (!cluster || !attention) {
    return { state: hasFailed ? 'unknown' : 'wait' };
  }
  const count = cluster.warnings.length + attention.items.filter(({ isRecovered }) => !isRecovered).length;
  return count === 0 ? { state: 'well' } : { state: 'look', count };
}

/** Whether every fire has its record: the stores answer, nothing lags, and no record waits to be written. */
export function isAccountedFor({ store, history, warnings }: Pick<Cluster, 'store' | 'history' | 'warnings'>): boolean {
  const isBlind = warnings.some(({ code }) => BLIND.has(code));
  return store.isUp && history.isUp && (history.waitingRecords ?? 0) === 0 && !isBlind;
}
