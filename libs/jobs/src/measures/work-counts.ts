import type { Answer } from '../claiming/decision.js';
import type { RequestAnswer } from '../claiming/request-decision.js';
import type { RunEntry } from '../store/run-entry.js';
import { Histogram } from './histogram.js';

/** Upper bounds of the lateness of fires, milliseconds: from what a quiet cluster shows to what nobody would call on time. */
const LATENESS_BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

/**
 * What became of a claim that was sent. `decided`: refused, because another worker had decided; `refused`: for another
 * reason (a held lock, an edit, a session that ended, a store that takes nothing).
 */
export type ClaimOutcome = 'accepted' | 'decided' | 'refused';

/** What was decided about a fire. `caughtUp`: claimed, though found late. */
export type FireOutcome = 'claimed' | 'caughtUp' | 'skipped' | 'missed';

/** What a worker counts of its own work since it started, as plain numbers. */
export class WorkCounts {
  readonly claims: Record<ClaimOutcome, number> = { accepted: 0, decided: 0, refused: 0 };
  readonly fires: Record<FireOutcome, number> = { claimed: 0, caughtUp: 0, skipped: 0, missed: 0 };
  /** Of scheduled fires, from when they were due to their start. Neither catch-ups nor fires that waited for a lock. */
  readonly lateness = new Histogram(LATENESS_BOUNDS_MS);

  /** The store answered a claim. */
  answered(outcome: ClaimOutcome): void {
    this.claims[outcome]++;
  }

  /** The store took a decision about fires: the entry's own, and the stretches before it. */
  decided(entry: RunEntry): void {
    for (const { status, count } of entry.gap) this.fires[status] += count;
    this.fires[outcomeOf(entry)]++;
  }

  /** A fire was started so long after it was due; a start before it, by a clock that was set back, is on time. */
  started(latenessMs: number): void {
    this.lateness.add(Math.max(0, latenessMs));
  }
}

/** What an answer of the store means for the claim; undefined: the store does not take it. */
export function claimOutcome(answer: Answer['kind'] | RequestAnswer['kind'] | undefined): ClaimOutcome {
  if (answer === 'accepted') return 'accepted';
  return answer === 'cursorMoved' || answer === 'taken' ? 'decided' : 'refused';
}

function outcomeOf({ state, trigger, result }: RunEntry): FireOutcome {
  if (state === 'finished' && result?.status === 'skipped') return 'skipped';
  if (state === 'finished' && result?.status === 'missed') return 'missed';
  return trigger === 'catchUp' ? 'caughtUp' : 'claimed';
}
