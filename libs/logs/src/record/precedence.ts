import { isTerminal, Run, RunStatus } from '@app/jobs';

/** What of a stored record decides whether another may take its place. */
export type StoredState = Pick<Run, 'status' | 'late' | 'command'>;

/**
 * Whether `incoming` may replace what is stored under the same id. A status never goes backwards (queued < running <
 * terminal). Of two terminal records the first stays, but for two cases: `lost` gives way to the late truth, and what
 * others told of an end to the same end as told by the worker that ran it. The rule is the same whatever order records
 * arrive in, so replays and overtaking change nothing.
 */
export function takesOver(incoming: Run, stored: StoredState): boolean {
  if (!isTerminal(stored.status)) return rank(incoming.status) >= rank(stored.status);
  return (isLateTruth(incoming) && stored.status === 'lost') || tellsMore(incoming, stored);
}

/** True for the end that is stored already, told by who ran the command: others know of no command and no output. */
function tellsMore(incoming: Run, stored: StoredState): boolean {
  const isSameEnd = incoming.status === stored.status && (incoming.late ?? false) === (stored.late ?? false);
  return isSameEnd && isToldByItsWorker(incoming) && !isToldByItsWorker(stored);
}

/** Whether the worker that ran the command tells of the run, as far as a record shows it. */
export function isToldByItsWorker({ command }: Pick<Run, 'command'>): boolean {
  return command !== undefined;
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
