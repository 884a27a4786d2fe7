import { FAULTS_IN_REASON, isTerminal, Run, StoredJob } from '@app/jobs';
import { HistoryStore } from '@app/logs';
import { Clock, FieldError, StoreUnavailable } from '@app/platform';
import { toFieldFault } from '../api/field-fault.dto.js';
import { iso } from '../api/fields.js';
import { LiveRuns } from '../ports/live-runs.js';
import { toRecentRun } from '../runs/run.dto.js';
import { faultsInWords } from '../words/fault-words.js';
import { Words } from '../words/words.js';
import { JobDto } from './job.dto.js';
import { isUsedUp, nextFireOf, stateOf } from './job-state.js';
import { RememberedRuns } from './remembered-runs.js';
import { scheduleText } from './schedule-text.js';

/** Jobs as they travel: the document, how it stands, and what it did lately. */
export class JobViews {
  private readonly remembered: RememberedRuns;

  constructor(
    history: HistoryStore,
    private readonly liveRuns: LiveRuns,
    private readonly clock: Clock,
  ) {
    this.remembered = new RememberedRuns(history, liveRuns, clock);
  }

  one(stored: StoredJob): JobDto {
    const now = this.clock.now();
    // Ended runs stay among the live ones until history has them.
    const underway = this.liveRuns.list(stored.name).filter(({ status }) => !isTerminal(status));
    const queued = underway.filter(({ status }) => status === 'queued').length;
    const common = {
      revision: stored.revision,
      state: stateOf(stored, now),
      decidedUntil: iso(stored.decidedUntil),
      editedBy: stored.edited?.by,
      editedAt: iso(stored.edited?.at),
      pausedBy: stored.pause?.by,
      pausedAt: iso(stored.pause?.at),
      runCount: stored.runCount,
      running: underway.length,
      ...(queued > 0 && { queued }),
    };
    if (!stored.parsed.ok) {
      const { reason, errors } = stored.parsed;
      return {
        name: stored.name,
        ...common,
        invalid: { reason, text: invalidWords(reason, errors), errors: errors.map(toFieldFault) },
      };
    }
    const { job, document } = stored.parsed;
    const { labels, group, paused, timezone, executor, concurrencyPolicy, misfirePolicy } = job;
    const defaults = { labels, group, paused, timezone, executor, concurrencyPolicy, misfirePolicy };
    return {
      ...defaults,
      ...document,
      name: stored.name,
      ...common,
      scheduleText: scheduleText(job),
      nextFireAt: isUsedUp(stored) ? undefined : iso(nextFireOf(job, now)),
    };
  }

  /** Each with its newest ended runs. While history is away they come without: the list is worth more than its ornament. */
  async many(jobs: readonly StoredJob[], recentRuns: number): Promise<JobDto[]> {
    const views = jobs.map((job) => this.one(job));
    if (recentRuns === 0 || jobs.length === 0) {
      return views;
    }
    // Looked at before history is: what leaves the live runs meanwhile has come there.
    const ended = jobs.map(({ name }) => this.liveRuns.list(name).filter(({ status }) => isTerminal(status)));
    try {
      const names = jobs.map(({ name }) => name);
      const runs = await this.remembered.find(names, recentRuns);
      return views.map((view, at) => ({
        ...view,
        recentRuns: newestOf(ended[at] ?? [], runs.get(view.name) ?? [])
          .slice(0, recentRuns)
          .map(toRecentRun),
      }));
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        return views;
      }
      throw error;
    }
  }
}

/** Why it is no job: the first few faults, as `reason` has them. */
function invalidWords(reason: string, errors: readonly FieldError[]): Words {
  const rest = errors.length > FAULTS_IN_REASON ? `；另有 ${errors.length - FAULTS_IN_REASON} 处` : '';
  return { en: reason, zh: faultsInWords(errors.slice(0, FAULTS_IN_REASON)).zh + rest };
}

/** What ended a moment ago may not be in history yet: whoever heard of its end and asks must find it. */
function newestOf(justEnded: readonly Run[], known: readonly Run[]): readonly Run[] {
  const ids = new Set(known.map(({ id }) => id));
  const missing = justEnded.filter(({ id }) => !ids.has(id));
  return missing.length === 0
    ? known
    : [...missing, ...known].sort((left, right) => right.scheduledTime - left.scheduledTime);
}
