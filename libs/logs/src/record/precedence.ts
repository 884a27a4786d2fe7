import { isTerminal, Run, RunStatus } from '@app/jobs';

/** What of a stored record decides whether another may take its place. */
export type StoredState = Pick<Run, 'status' | 'late'>;

/**
 * Whether `incoming` may replace what is stored under the same id. A status never goes backwards (queued < running <
 * terminal). Of two terminal records the first stays, but for one case: `lost` gives way to the late truth. The rule is
 * the same whatever order records arrive in, so replays and overtaking change nothing.
 */
export function takesOver(incoming: Run, stored: StoredState): boolean {
  if (!isTerminal(stored.status)) return rank(incoming.status) >= rank(stored.status);
  return isLateTruth(incoming) && stored.status === 'lost';
}

/** True for the result of a run that had been declared lost before it came. */
export function isLateTruth(run: Run): boolean {
  return run.late === true && isTerminal(run.status) && run.status !== 'lost';
}

/** One record per id, in order of first appearance: what would stand in an empty store after writing them in turn. */
export function coalesceRuns(runs: readonly Run[]): readonly Run[] {
  const byId = new Map<string, Run>();
  for (const run of runs) {
    const earlier = byId.get(run.id);
    if (earlier === undefined || takesOver(run, earlier)) byId.set(run.id, run);
  }
  return [...byId.values()];
}

function rank(status: RunStatus): number {
  if (status === 'queued') return 0;
  return status === 'running' ? 1 : 2;
}
