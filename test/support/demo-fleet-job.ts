import type { JobDocument } from '@app/jobs';

/** Something out of the common in a job's past. `back` counts its fires from the newest, which is 0. */
export type Episode =
  | { readonly kind: 'failed'; readonly back: number; readonly exitCode: number; readonly attempts?: number }
  | { readonly kind: 'lost'; readonly back: number; readonly isRetried: boolean }
  | { readonly kind: 'killed'; readonly back: number; readonly by: string; readonly why: string }
  | { readonly kind: 'timedOut'; readonly back: number }
  | { readonly kind: 'skipped'; readonly back: number }
  /** A stretch of so many fires, the newest of them `back`. */
  | { readonly kind: 'missed'; readonly back: number; readonly count: number; readonly reason: string }
  | { readonly kind: 'slow'; readonly back: number; readonly times: number };

/** Fields an earlier version of the document had otherwise, and when and by whom it was replaced. */
export interface Edit {
  readonly daysAgo: number;
  readonly by: string;
  readonly before: Readonly<Record<string, unknown>>;
}

/** A job of the demo fleet. Instants in documents are made at seeding: see `at`. */
export interface DemoJob {
  readonly document: JobDocument & { readonly command: string };
  /** Hours from now, by the field of the document that names the instant. */
  readonly at?: Readonly<Partial<Record<'startAt' | 'endAt' | 'pausedUntil', number>>>;
  readonly medianMs: number;
  /** How far durations scatter; 0.15 unless given. */
  readonly spread?: number;
  readonly workers?: readonly string[];
  /** How far back its history goes; 14 days unless given. */
  readonly days?: number;
  /** One fire in so many fails for a moment; none unless given. */
  readonly failsOneIn?: number;
  readonly episodes?: readonly Episode[];
  /** Oldest first. */
  readonly edits?: readonly Edit[];
  /** Hours ago at which somebody ran it by hand. */
  readonly byHand?: readonly number[];
  /** Lines it prints when all is well, evenly over the run. */
  readonly lines: readonly string[];
}
