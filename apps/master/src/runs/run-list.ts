import { isTerminal, Run } from '@app/jobs';
import { HistoryStore, RunFilter, RunPage } from '@app/logs';
import { LiveRuns } from '../ports/live-runs.js';

const MAX_LIVE = 500;

/**
 * Runs as people see them: those on their way from the coordination store, the others from history. A run that is in
 * both counts as ended once history says so.
 */
export class RunList {
  constructor(
    private readonly history: HistoryStore,
    private readonly liveRuns: LiveRuns,
  ) {}

  /** undefined where nobody knows it; one accepted on another master a moment ago is known. Throws StoreUnavailable. */
  async find(id: string): Promise<Run | undefined> {
    // Not there either: then it may have gone from the store into history since we asked that.
    return (await this.look(id)) ?? (await this.liveRuns.seek(id)) ?? this.history.findRun(id);
  }

  /**
   * A page, newest scheduled time first. Live runs, 500 at most, stand on the first page beyond its limit, so that pages
   * of history stay what they are. A filter for live statuses only needs no history at all.
   */
  async page(filter: RunFilter, limit: number, cursor?: string): Promise<RunPage> {
    const live = cursor === undefined ? this.live(filter) : [];
    if (filter.statuses?.every((status) => !isTerminal(status))) {
      return { items: live.slice(0, limit) };
    }
    const page = await this.history.findRuns(filter, limit, cursor);
    const ended = new Set(page.items.filter((run) => isTerminal(run.status)).map((run) => run.id));
    const added = live.filter((run) => !ended.has(run.id));
    const ids = new Set(added.map((run) => run.id));
    const items = [...added, ...page.items.filter((run) => !ids.has(run.id))];
    return { items: items.sort(newestFirst), nextCursor: page.nextCursor };
  }

  private async look(id: string): Promise<Run | undefined> {
    const live = await this.liveRuns.find(id);
    if (live && isTerminal(live.status)) {
      return live;
    }
    const kept = await this.history.findRun(id).catch((error: unknown) => {
      // History may be away while a run is on; what the store knows of it is true nonetheless.
      if (live) {
        return undefined;
      }
      throw error;
    });
    return kept && isTerminal(kept.status) ? kept : (live ?? kept);
  }

  private live(filter: RunFilter): Run[] {
    const runs = filter.jobNames?.flatMap((name) => this.liveRuns.list(name)) ?? this.liveRuns.list();
    return runs
      .filter((run) => matches(run, filter))
      .sort(newestFirst)
      .slice(0, MAX_LIVE);
  }
}

function matches(run: Run, filter: RunFilter): boolean {
  const { statuses, worker, triggers, from, to, search, rootRunId } = filter;
  const text = `${run.jobName}\n${run.reason ?? ''}\n${run.output ?? ''}\n${run.err ?? ''}`.toLowerCase();
  return (
    (!statuses || statuses.includes(run.status)) &&
    (worker === undefined || run.worker === worker) &&
    (!triggers || triggers.includes(run.trigger)) &&
    (from === undefined || run.scheduledTime >= from) &&
    (to === undefined || run.scheduledTime < to) &&
    (search === undefined || text.includes(search.toLowerCase())) &&
    (rootRunId === undefined || run.rootRunId === rootRunId)
  );
}

function newestFirst(left: Run, right: Run): number {
  return right.scheduledTime - left.scheduledTime || (left.id < right.id ? 1 : -1);
}
