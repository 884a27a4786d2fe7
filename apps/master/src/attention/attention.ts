import { Run } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { RunList } from '../runs/run-list.js';
import { groupTroubles, newestOf, TROUBLES, TroubleGroup } from './group-troubles.js';

/** Records read for one answer at most. */
const MAX_RECORDS = 500;
/** Pages asked for at most: one may be short and still have a next. */
const MAX_PAGES = 10;
const MAX_GROUPS = 100;
/** How long before the window a stretch may have begun that reaches into it. */
const STRETCH_MS = 30 * 86_400_000;
const MAX_STRETCHES = 100;
/** Newest records of a job that are looked at for a success since. */
const RECENT_RUNS = 10;

/** What needs a look. */
export interface Attention {
  readonly groups: readonly TroubleGroup[];
  /** There was more than is read at once: counts may be higher, and began earlier. */
  readonly isCut: boolean;
}

/** What went wrong in the window before `now`, by job and outcome. Throws StoreUnavailable. */
export async function readAttention(
  history: HistoryStore,
  runs: RunList,
  { windowMs, now }: { windowMs: number; now: number },
): Promise<Attention> {
  const from = now - windowMs;
  const { records, isCut } = await readTroubles(runs, from);
  const reaching = await readReaching(history, from);
  const all = [...records, ...reaching];
  const lastRuns = await history.findLastRuns([...new Set(all.map((run) => run.jobName))], RECENT_RUNS);
  const groups = groupTroubles(all, (jobName) => newestOf(lastRuns.get(jobName) ?? []));
  return { groups: groups.slice(0, MAX_GROUPS), isCut };
}

async function readTroubles(runs: RunList, from: number): Promise<{ records: readonly Run[]; isCut: boolean }> {
  const records: Run[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await runs.page({ statuses: TROUBLES, from }, MAX_RECORDS - records.length, cursor);
    // What is on its way stands on the first page beyond the limit.
    records.push(...page.items.slice(0, MAX_RECORDS - records.length));
    cursor = page.nextCursor;
    pages += 1;
  } while (cursor !== undefined && records.length < MAX_RECORDS && pages < MAX_PAGES);
  return { records, isCut: cursor !== undefined };
}

/** Stretches of missed fires that began before the window and reach into it. */
async function readReaching(history: HistoryStore, from: number): Promise<readonly Run[]> {
  const filter = { statuses: ['missed'], from: from - STRETCH_MS, to: from } as const;
  const { items } = await history.findRuns(filter, MAX_STRETCHES);
  return items.filter((run) => (run.untilTime ?? run.scheduledTime) >= from);
}
