import type { Vitals } from '@app/jobs';
import type { ClusterWarning } from '../../ports/cluster-status.js';
import type { WorkerView } from '../../ports/worker-directory.js';
import { WARNING_WORDS } from '../../words/warning-words.js';
import { over } from './finding.js';
import {
  HISTORY_AWAY_MS,
  LATE_MS,
  REFUSED_MIN_CLAIMS,
  REFUSED_SHARE,
  SPOOL_FULL_BYTES,
  SPOOL_GROWN_BYTES,
  SPOOL_LIMIT_BYTES,
  WATCH_BEHIND_MS,
} from './thresholds.js';

/** What is not well with what workers do, by what they tell in their beats. */
export function workFindings(workers: readonly WorkerView[]): readonly ClusterWarning[] {
  return [...lateFindings(workers), ...behindFindings(workers), ...spoolFindings(workers), ...claimFindings(workers)];
}

/** Whether history takes nothing from some workers though it answers here: then the way to it is theirs. */
export function historyFindings(workers: readonly WorkerView[], isUp: boolean, now: number): readonly ClusterWarning[] {
  const away = over(workers, isUp ? HISTORY_AWAY_MS : 0, ({ vitals }) =>
    vitals?.historyAwaySince === undefined ? undefined : now - vitals.historyAwaySince,
  );
  const since = away?.worst.vitals?.historyAwaySince;
  if (!isUp) {
    const text = WARNING_WORDS.historyAway(since);
    return [{ code: 'historyAway', severity: 'error', text, ...(since === undefined ? {} : { since }) }];
  }
  if (!away || since === undefined) return [];
  const text = WARNING_WORDS.workerHistoryAway(away.ids, since);
  return [{ code: 'workerHistoryAway', severity: 'error', text, since, about: away.ids }];
}

/** The share of its claims that came second; undefined where they are too few to tell. */
function refusedShare({ claims, refused }: Pick<Vitals, 'claims' | 'refused'>): number | undefined {
  return claims < REFUSED_MIN_CLAIMS ? undefined : refused / claims;
}

function lateFindings(workers: readonly WorkerView[]): ClusterWarning[] {
  const late = over(workers, LATE_MS, ({ vitals }) => vitals?.latenessP99Ms);
  if (!late?.worst.vitals) return [];
  const { latenessP99Ms, latenessMaxMs } = late.worst.vitals;
  const text = WARNING_WORDS.workersLate(late.ids, latenessMaxMs);
  return [
    { code: 'workersLate', severity: 'warning', text, about: late.ids, detail: { latenessP99Ms, latenessMaxMs } },
  ];
}

function behindFindings(workers: readonly WorkerView[]): ClusterWarning[] {
  const behind = over(workers, WATCH_BEHIND_MS, ({ vitals }) => vitals?.watchLagMs);
  if (!behind) return [];
  const text = WARNING_WORDS.workersBehind(behind.ids, Math.round(behind.value / 1000));
  const detail = { watchLagMs: behind.value };
  return [{ code: 'workersBehind', severity: 'warning', text, about: behind.ids, detail }];
}

function spoolFindings(workers: readonly WorkerView[]): ClusterWarning[] {
  const grown = over(workers, SPOOL_GROWN_BYTES, ({ vitals }) => vitals?.spoolBytes);
  if (!grown) return [];
  const { ids, value: spoolBytes } = grown;
  return [
    {
      code: 'spoolGrows',
      severity: spoolBytes > SPOOL_FULL_BYTES ? 'error' : 'warning',
      text: WARNING_WORDS.spoolGrows(ids, spoolBytes, SPOOL_LIMIT_BYTES),
      about: ids,
      detail: { spoolBytes, limitBytes: SPOOL_LIMIT_BYTES },
    },
  ];
}

function claimFindings(workers: readonly WorkerView[]): ClusterWarning[] {
  const refused = over(workers, REFUSED_SHARE, ({ vitals }) => vitals && refusedShare(vitals));
  if (!refused?.worst.vitals) return [];
  const { claims, refused: count } = refused.worst.vitals;
  const text = WARNING_WORDS.claimsRefused(refused.ids, refused.value);
  return [{ code: 'claimsRefused', severity: 'warning', text, about: refused.ids, detail: { claims, refused: count } }];
}
