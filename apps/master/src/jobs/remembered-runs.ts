import { Run } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { Clock } from '@app/platform';
import { LiveRuns } from '../ports/live-runs.js';

/** So long an answer counts where nothing was heard: what a gap of the watch hid, or housekeeping deleted, shows then. */
const KEEP_MS = 10_000;
const MAX_JOBS = 20_000;

interface Remembered {
  readonly runs: readonly Run[];
  readonly perJob: number;
  /** Of the job's live runs, as they were before history was asked. */
  readonly revision: number;
  readonly until: number;
}

/**
 * The newest ended runs of jobs, remembered until something is heard of a run of the job: a page of fifty jobs asks
 * history fifty times, and most of them have not run since the page was last looked at.
 */
export class RememberedRuns {
  private readonly byJob = new Map<string, Remembered>();

  constructor(
    private readonly history: HistoryStore,
    private readonly liveRuns: LiveRuns,
    private readonly clock: Clock,
  ) {}

  /** As `HistoryStore.findLastRuns`; throws what it throws. */
  async find(jobNames: readonly string[], perJob: number): Promise<ReadonlyMap<string, readonly Run[]>> {
    const { liveRuns, history } = this;
    if (!liveRuns.revisionOf) return history.findLastRuns(jobNames, perJob);
    const now = this.clock.monotonic();
    const found = new Map<string, readonly Run[]>();
    const unknown = new Map<string, number>();
    for (const name of jobNames) {
      const revision = liveRuns.revisionOf(name);
      const known = this.byJob.get(name);
      if (known && known.revision === revision && known.perJob >= perJob && now < known.until) {
        found.set(name, known.runs.slice(0, perJob));
      } else {
        unknown.set(name, revision);
      }
    }
    if (unknown.size === 0) return found;
    const asked = await history.findLastRuns([...unknown.keys()], perJob);
    for (const [name, revision] of unknown) {
      const runs = asked.get(name) ?? [];
      found.set(name, runs);
      this.remember(name, { runs, perJob, revision, until: now + KEEP_MS });
    }
    return found;
  }

  private remember(name: string, remembered: Remembered): void {
    this.byJob.delete(name);
    this.byJob.set(name, remembered);
    const oldest = this.byJob.keys().next();
    if (this.byJob.size > MAX_JOBS && !oldest.done) this.byJob.delete(oldest.value);
  }
}
