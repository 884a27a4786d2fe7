import type { ClusterWarning, MasterView } from '../../ports/cluster-status.js';
import type { WorkerView } from '../../ports/worker-directory.js';
import { WARNING_WORDS } from '../../words/warning-words.js';
import { worstFirst } from './finding.js';
import { processFindings } from './process-findings.js';
import { type StoreFacts, storeFindings } from './store-findings.js';
import { WATCH_BEHIND_MS } from './thresholds.js';
import { historyFindings, workFindings } from './work-findings.js';

/** All that one answer about the cluster rests on. */
export interface ClusterFacts {
  /** Wall clock, epoch milliseconds. */
  readonly now: number;
  readonly store: StoreFacts;
  readonly isHistoryUp: boolean;
  /** How far this master's view of the store may be behind. */
  readonly watchLagMs: number;
  readonly masters: readonly MasterView[];
  readonly workers: readonly WorkerView[];
  /** Names of jobs that fire and that no worker may run. */
  readonly jobsWithoutWorker: readonly string[];
  /** Names of jobs whose cursor is in the future. */
  readonly jobsAhead: readonly string[];
}

/** What is not well, the worst first; empty when all is. */
export function findingsOf(facts: ClusterFacts): readonly ClusterWarning[] {
  const { store, masters, workers } = facts;
  return worstFirst([
    ...storeFindings(store),
    ...leaderFindings(facts),
    ...historyFindings(workers, facts.isHistoryUp, facts.now),
    ...viewFindings(facts),
    ...jobFindings(facts),
    ...processFindings(workers, masters),
    ...workFindings(workers),
  ]);
}

/** Who leads is not known while the store is away, and a master that is just coming up stands nowhere yet. */
function leaderFindings({ store, masters }: ClusterFacts): ClusterWarning[] {
  const isLed = !store.status || masters.length === 0 || masters.some(({ isLeader }) => isLeader);
  return isLed ? [] : [{ code: 'noLeader', severity: 'warning', text: WARNING_WORDS.noLeader() }];
}

function viewFindings({ now, watchLagMs }: ClusterFacts): ClusterWarning[] {
  if (watchLagMs <= WATCH_BEHIND_MS) return [];
  const text = WARNING_WORDS.watchBehind(Math.round(watchLagMs / 1000));
  return [{ code: 'watchBehind', severity: 'warning', text, since: now - watchLagMs, detail: { watchLagMs } }];
}

function jobFindings({ workers, jobsWithoutWorker, jobsAhead }: ClusterFacts): ClusterWarning[] {
  const findings: ClusterWarning[] = [];
  if (jobsAhead.length > 0) {
    const text = WARNING_WORDS.cursorInFuture(jobsAhead);
    const detail = { jobs: jobsAhead.length };
    findings.push({ code: 'cursorInFuture', severity: 'error', text, about: jobsAhead, detail });
  }
  if (workers.length === 0) {
    findings.push({ code: 'noWorker', severity: 'error', text: WARNING_WORDS.noWorker() });
  } else if (jobsWithoutWorker.length > 0) {
    const text = WARNING_WORDS.noEligibleWorker(jobsWithoutWorker);
    const detail = { jobs: jobsWithoutWorker.length };
    findings.push({ code: 'noEligibleWorker', severity: 'error', text, about: jobsWithoutWorker, detail });
  }
  return findings;
}
