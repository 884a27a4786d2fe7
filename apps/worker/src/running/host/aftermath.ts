import type { RunEnd } from '@app/jobs';
import type { JournalledRun } from '../journal/journal-entry.js';
import { isOver, type JournalState } from '../journal/journal-state.js';
import { type Sweeper, signal } from '../processes/sweeper.js';
import type { LiveOrder, StartedProcess } from './live-order.js';

/** Whoever waits for a death looks this often whether it still does. */
const ROUND_MS = 1_000;

/** What became of an order whose supervisor died. */
export type Verdict =
  | { readonly kind: 'neverStarted' }
  /** It was there; `end` is how it ended if that was journalled. */
  | { readonly kind: 'started'; readonly process: StartedProcess; readonly end?: RunEnd };

/**
 * Judges an order that a dead supervisor had, by what it said and what it journalled: an order is journalled before its
 * process is started, so one that is in no journal was not started. Without a readable journal everything may have been.
 */
export function judge(live: LiveOrder, journal: JournalState | undefined, now: number): Verdict {
  const journalled = journal?.run(live.order.runId);
  if (!live.started && journal && wasNeverStarted(live, journal, journalled)) return { kind: 'neverStarted' };
  return {
    kind: 'started',
    process: live.started ?? { pid: journalled?.pid ?? 0, startTime: journalled?.startTime ?? now },
    end: journalled && isOver(journalled) ? journalled.end : undefined,
  };
}

function wasNeverStarted(live: LiveOrder, journal: JournalState, journalled: JournalledRun | undefined): boolean {
  return journalled ? journalled.state === 'never' : !journal.mayHide(live.order.session);
}

/**
 * Kills what is left of a run that lost its supervisor a moment ago; true when nothing is, false when something still was
 * as the time was over: it may be stuck in the kernel, or belong to another user.
 */
export async function killOrphans(
  runId: string,
  pid: number,
  sweeper: Sweeper,
  withinMs: () => number,
): Promise<boolean> {
  const trace = pid > 0 ? { runId, leader: pid } : { runId };
  const known = await sweeper.family(trace);
  if (known.some((process) => process.group === pid)) signal(-pid, 'SIGKILL');
  const since = performance.now();
  for (;;) {
    if (await sweeper.clear({ ...trace, known }, ROUND_MS)) return true;
    if (performance.now() - since >= withinMs()) return false;
  }
}
