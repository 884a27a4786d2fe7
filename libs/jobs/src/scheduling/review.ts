import type { CancelTimer, Clock } from '@app/platform';
import type { KnownCursor } from '../claiming/decision.js';
import { hasRunsLeft } from '../job/schedule-of.js';
import type { JobTrack } from './job-track.js';

const REVIEW_EVERY_MS = 15_000;
/** Fires younger than this are left to those whose turn it is. */
export const REVIEW_AGE_MS = 3000;
const TRACKS_PER_TURN = 500;
/** It waits while so many jobs are being taken over: what becomes due meanwhile must not queue behind them all. */
const TAKEOVERS_AT_ONCE = 500;
const PAUSE_MS = 10;

const NO_CURSOR: KnownCursor = { cursor: undefined, revision: 0 };

/** What a review asks of whoever knows the fleet. */
export interface ReviewHooks {
  /** Whether this worker is the first for a fire of the job, and may act on it. */
  readonly isFirstFor: (track: JobTrack, fire: number) => boolean;
  /** Decides the fire, and what else is due, unless others have. */
  readonly takeOver: (track: JobTrack, fire: number) => Promise<void>;
  /** How many are being taken over. */
  readonly takeovers: () => number;
  /** Whether a decision for the job is on its way. */
  readonly isBusyWith: (track: JobTrack) => boolean;
}

/** Looks every 15 s at the jobs this worker is first for *now*: whether an old fire is undecided, or nobody adopted it. */
export class Review {
  private cancel: CancelTimer | undefined;

  constructor(
    private readonly clock: Clock,
    /** The jobs there are, by name. */
    private readonly tracks: ReadonlyMap<string, JobTrack>,
    private readonly hooks: ReviewHooks,
  ) {}

  /** The first one, of those that were there before all cursors were read: one that has none has none yet. */
  begin(tracks: readonly JobTrack[]): void {
    this.lookFrom(tracks, 0, 0, true);
  }

  /** Looks at all at once, however young their fires. */
  lookNow(): void {
    this.look(0);
  }

  stop(): void {
    this.cancel?.();
  }

  private look(ageMs: number): void {
    this.cancel?.();
    this.lookFrom([...this.tracks.values()], 0, ageMs);
  }

  private lookFrom(tracks: readonly JobTrack[], start: number, ageMs: number, isFirst = false): void {
    if (this.hooks.takeovers() >= TAKEOVERS_AT_ONCE) {
      this.cancel = this.clock.timer(PAUSE_MS, () => this.lookFrom(tracks, start, ageMs, isFirst));
      return;
    }
    const before = this.clock.now() - ageMs;
    const next = Math.min(start + TRACKS_PER_TURN, tracks.length);
    for (let index = start; index < next; index++) {
      const track = tracks[index] as JobTrack;
      if (this.tracks.get(track.name) !== track) continue;
      if (isFirst && track.known === undefined && !this.hooks.isBusyWith(track)) track.learn(NO_CURSOR);
      if (this.isDue(track, before)) void this.hooks.takeOver(track, track.firstUndecided ?? -Infinity);
    }
    this.cancel =
      next < tracks.length
        ? this.clock.timer(0, () => this.lookFrom(tracks, next, ageMs, isFirst))
        : this.clock.timer(REVIEW_EVERY_MS, () => this.look(REVIEW_AGE_MS));
  }

  /** First for it now, and an old fire is not known to be decided, or the definition is not adopted. */
  private isDue(track: JobTrack, before: number): boolean {
    const { terms } = track.definition;
    if (terms === undefined) return false;
    const { firstUndecided } = track;
    const isOld = firstUndecided !== undefined && firstUndecided <= before;
    const needsAdoption = !track.isAdopted && (terms.isScheduled || track.known?.cursor !== undefined);
    const runs = track.known?.cursor?.runs ?? 0;
    if (!needsAdoption && (!isOld || !hasRunsLeft(terms, runs))) return false;
    return this.hooks.isFirstFor(track, isOld ? firstUndecided : before);
  }
}
