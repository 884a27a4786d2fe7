import { Run } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { LiveRuns } from '../ports/live-runs.js';
import { Span } from './span.js';

/** What is known of a job's fires in a span. */
export interface FireRecords {
  readonly records: readonly Run[];
  /** Where there are more than `max`: up to when they are complete; else the end of the span. */
  readonly completeTo: number;
}

/**
 * Records that touch the span, at most `max` of history, and what is live. Live runs know less: history wins. Throws
 * StoreUnavailable.
 */
export async function readFireRecords(
  history: HistoryStore,
  liveRuns: LiveRuns,
  jobName: string,
  { from, to }: Span,
  max: number,
): Promise<FireRecords> {
  // Live ones first: what ends meanwhile is in both, and in neither the other way round.
  const touching = liveRuns.list(jobName).filter((run) => touches(run, from, to));
  const kept = await history.findFires(jobName, from, to, max);
  const ids = new Set(kept.map((run) => run.id));
  const live = touching.filter((run) => !ids.has(run.id));
  const isCut = kept.length === max;
  const completeTo = isCut ? Math.max(from, kept.at(-1)?.scheduledTime ?? to) : to;
  return { records: [...kept, ...live], completeTo };
}

function touches(run: Run, from: number, to: number): boolean {
  return run.scheduledTime < to && (run.untilTime ?? run.scheduledTime) >= from;
}
