import { readProcess } from '../processes/process-table.js';
import type { Sweeper } from '../processes/sweeper.js';
import type { JournalledRun } from './journal-entry.js';
import { isOver } from './journal-state.js';

/** What became of the processes of a journalled run: there were none, they are killed, or something does not die. */
export type Leftover = 'none' | 'killed' | 'alive';

/**
 * Kills what an earlier supervisor, or machine, left of a run; only processes that prove by their environment, or by pid
 * and start time in the same boot, that they belong to it. Gives up after `withinMs`.
 */
export async function clearLeftover(
  run: JournalledRun,
  boot: string,
  sweeper: Sweeper,
  withinMs: number,
): Promise<Leftover> {
  // A machine that has booted since has killed everything; and what has ended may leave processes in the background.
  if (isOver(run) || run.boot !== boot) return 'none';
  const leader = run.pid !== undefined && isSameProcess({ ...run, pid: run.pid }, boot) ? run.pid : undefined;
  const trace = { runId: run.runId, leader };
  const known = await sweeper.family(trace);
  if (known.length === 0) return 'none';
  return (await sweeper.clear({ ...trace, known }, withinMs)) ? 'killed' : 'alive';
}

/** Whether the process of that boot, pid and start time is alive. */
export function isSameProcess(
  trace: { readonly boot: string; readonly pid: number; readonly ticks?: number },
  boot: string,
): boolean {
  return trace.boot === boot && trace.ticks !== undefined && readProcess(trace.pid)?.startTicks === trace.ticks;
}
