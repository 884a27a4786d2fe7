import type { Vitals } from '../store/vitals.js';
import { quantileOf } from './histogram.js';
import type { WorkCounts } from './work-counts.js';

const WINDOW_MS = 60_000;

/** The part of a worker's vitals that is counted. */
export type RecentFigures = Pick<
  Vitals,
  'fires' | 'latenessP99Ms' | 'latenessMaxMs' | 'claims' | 'refused' | 'writeRequests'
>;

/** All counts as they stood at one moment. */
interface Mark {
  readonly at: number;
  readonly claims: number;
  readonly refused: number;
  readonly writeRequests: number;
  readonly lateness: readonly number[];
  /** The latest start since the mark before. */
  readonly largestMs: number;
}

/** What was done in about the last minute, as the difference to marks that are set now and then: fires cost it nothing. */
export class RecentWork {
  private marks: Mark[] = [];

  constructor(private readonly counts: WorkCounts) {}

  /**
   * Sets a mark and gives the figures since the oldest one that is no older than a minute. To be called every few
   * seconds; after a longer break it begins anew. `now` on the monotonic clock, `writeRequests` sent so far.
   */
  look(now: number, writeRequests: number): RecentFigures {
    const { claims, lateness } = this.counts;
    const mark: Mark = {
      at: now,
      claims: claims.accepted + claims.decided + claims.refused,
      refused: claims.decided,
      writeRequests,
      lateness: [...lateness.counts],
      largestMs: lateness.takeLargest(),
    };
    this.marks = [...this.marks.filter(({ at }) => now - at <= WINDOW_MS), mark];
    const [first = mark, ...since] = this.marks;
    const counts = mark.lateness.map((count, bucket) => count - (first.lateness[bucket] ?? 0));
    const largestMs = Math.max(0, ...since.map((each) => each.largestMs));
    return {
      fires: counts.reduce((sum, count) => sum + count, 0),
      latenessP99Ms: Math.round(quantileOf({ bounds: lateness.bounds, counts }, 0.99, largestMs)),
      latenessMaxMs: Math.round(largestMs),
      claims: mark.claims - first.claims,
      refused: mark.refused - first.refused,
      writeRequests: mark.writeRequests - first.writeRequests,
    };
  }
}
