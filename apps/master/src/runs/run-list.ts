import { isTerminal, Run } from '@app/jobs';
import {
  comparePositions,
  decodeCursor,
  encodeCursor,
  HistoryStore,
  Position,
  RunFilter,
  RunPage,
  RunQuery,
} from '@app/logs';
import { LiveRuns } from '../ports/live-runs.js';

const MAX_LIVE = 500;

type Order = typeof comparePositions;

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
   * A page. Live runs, 500 at most, stand beyond its limit, so that pages of history stay what they are: newest first on
   * the first page, oldest first on the one they belong to. A filter for live statuses only needs no history at all.
   */
  async page(query: RunQuery, limit: number, cursor?: string): Promise<RunPage> {
    const order = query.oldestFirst ? oldestFirst : comparePositions;
    const all = this.live(query, order);
    if (query.statuses?.every((status) => !isTerminal(status))) return pageOfLive(all, order, limit, cursor);
    const page = await this.history.findRuns(query, limit, cursor);
    const live = query.oldestFirst ? all.filter((run) => isBetween(run, cursor, page.nextCursor)) : all;
    const ended = new Set(page.items.filter((run) => isTerminal(run.status)).map((run) => run.id));
    const added = live.filter((run) => !ended.has(run.id)).slice(0, MAX_LIVE);
    const isFirst = cursor === undefined || query.oldestFirst;
    // Newest first, what is on stands on the first page, and not again where history knows it as running.
    const ids = new Set(added.map((run) => run.id));
    const items = [...(isFirst ? added : []), ...page.items.filter((run) => !ids.has(run.id))];
    return { items: items.sort(order), nextCursor: page.nextCursor };
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

  private live(filter: RunFilter, order: Order): Run[] {
    const runs = filter.jobNames?.flatMap((name) => this.liveRuns.list(name)) ?? this.liveRuns.list();
    return runs.filter((run) => matches(run, filter)).sort(order);
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

function pageOfLive(all: readonly Run[], order: Order, limit: number, cursor: string | undefined): RunPage {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rest = after === undefined ? all : all.filter((run) => order(run, after) > 0);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return rest.length > limit && last ? { items, nextCursor: encodeCursor(last) } : { items };
}

function oldestFirst(left: Position, right: Position): number {
  return comparePositions(right, left);
}

/** Whether a run stands on the page between two cursors, oldest first; undefined: the end of the list on that side. */
function isBetween(run: Run, cursor: string | undefined, nextCursor: string | undefined): boolean {
  return (
    (cursor === undefined || comparePositions(run, decodeCursor(cursor)) < 0) &&
    (nextCursor === undefined || comparePositions(run, decodeCursor(nextCursor)) >= 0)
  );
}
