import { plainText } from './clean-text';
import type { LineStore } from './line-store';
import type { StreamFilter } from './stream-filter';

/** One place where what was searched stands. */
export interface Match {
  /** Id of the row. */
  readonly id: number;
  /** Characters of the text without colours; the end is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Matches that are remembered; there may be more. */
export const MOST_MATCHES = 10_000;

/** The pattern of a literal text, in any case; undefined where it is empty. */
export function literalPattern(text: string): RegExp | undefined {
  return text === '' ? undefined : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
}

/** Where the pattern stands in a line's cleaned text. */
export function matchesIn(text: string, pattern: RegExp): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const match of plainText(text).matchAll(pattern)) {
    found.push({ start: match.index, end: match.index + match[0].length });
  }
  return found;
}

/**
 * Searches what is shown, a stretch at a time, so that a page stays responsive over a million lines; goes on where it
 * stopped when lines come in.
 */
export class Search {
  readonly matches: Match[] = [];
  private next = 0;

  constructor(
    private readonly rows: StreamFilter,
    readonly pattern: RegExp,
  ) {}

  get isFull(): boolean {
    return this.matches.length >= MOST_MATCHES;
  }

  /** Looks at the next `count` rows. Gives whether there is more to look at. The last line may still grow: it is left for later unless `isComplete`. */
  step(count: number, isComplete: boolean): boolean {
    const end = this.rows.size - (isComplete ? 0 : 1);
    const until = Math.min(end, this.next + count);
    for (; this.next < until && !this.isFull; this.next += 1) {
      const index = this.rows.indexAt(this.next);
      const text = this.rows.store.textAt(index);
      if (text === undefined) continue;
      const id = this.rows.store.idAt(index);
      for (const { start, end: last } of matchesIn(text, this.pattern)) {
        if (this.isFull) break;
        this.matches.push({ id, start, end: last });
      }
    }
    return this.next < end && !this.isFull;
  }
}

const ERROR = /\b(?:error|fatal|exception|panic|traceback)\b|\berr!/i;

/**
 * The first line at or after an index that speaks of an error; where none does from the beginning on, the first one of
 * stderr. undefined where there is neither.
 */
export function firstError(store: LineStore, from = 0): number | undefined {
  for (let index = from; index < store.size; index += 1) {
    const text = store.textAt(index);
    if (text !== undefined && ERROR.test(plainText(text))) return index;
  }
  if (from > 0) return firstError(store);
  for (let index = 0; index < store.size; index += 1) {
    if (store.textAt(index) !== undefined && store.streamAt(index) === 'stderr') return index;
  }
  return undefined;
}
