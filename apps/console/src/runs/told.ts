import type { Run } from '@fleetcron/sdk';
import { isLive } from '@/format/status';
import type { Change } from '@/live/changes';

/**
 * What the feed told of runs, to be put into rows at once; the rest of a row follows when it is read again. undefined
 * for a run it told nothing new of. What has ended stays so: an event may be older than what was read.
 */
export function toldOf(changes: readonly Change[]): (run: Run) => Run | undefined {
  const byId = new Map(changes.flatMap((change) => (change.kind === 'run' ? [[change.id, change] as const] : [])));
  return (run) => {
    const change = byId.get(run.id);
    if (!change || !isLive(run.status)) return undefined;
    const { status, worker = run.worker } = change;
    return status === run.status && worker === run.worker ? undefined : { ...run, status, ...(worker && { worker }) };
  };
}
