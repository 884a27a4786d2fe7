/** What a reading of a span answers: ascending, and complete before `completeTo`. */
export interface Answer<T> {
  readonly items: readonly T[];
  /** Epoch milliseconds; the end of the span where all of it was told. */
  readonly completeTo: number;
}

/** The newest of a span, newest first, and from when on they are all there. Epoch milliseconds. */
export interface Newest<T> {
  readonly items: readonly T[];
  readonly from: number;
}

/** Aim below what one answer holds: where times are not evenly spread, more would often be too much. */
const AIM = 0.7;
const SHORTEST_MS = 1000;

/**
 * Reads the newest of [from, to) where an answer begins at the old end and holds only so many. Asks for ever shorter
 * ends until one fits, the first guided by how dense the answer was; an empty end is followed by a longer one before it.
 * Two calls for a day whose fires are evenly spread, were it one each second.
 */
export async function readNewest<T>(
  read: (span: { from: number; to: number }) => Promise<Answer<T>>,
  { from, to }: { from: number; to: number },
): Promise<Newest<T>> {
  let end = to;
  let reach = to - from;
  for (let asked = 1; ; asked += 1) {
    const start = Math.max(from, end - reach);
    const { items, completeTo } = await read({ from: start, to: end });
    const isComplete = completeTo >= end || end - start <= SHORTEST_MS;
    if (isComplete && (items.length > 0 || start <= from)) {
      return { items: [...items].reverse(), from: start };
    }
    if (isComplete) {
      end = start;
      reach *= 2;
    } else {
      const half = (end - start) / 2;
      const guess = asked === 1 ? Math.min(half, (completeTo - start) * AIM) : half;
      reach = Math.max(SHORTEST_MS, Math.floor(guess));
    }
  }
}
