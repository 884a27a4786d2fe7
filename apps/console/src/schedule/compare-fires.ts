/** A row of "what will change": a fire to come, and what the saved schedule has near it that falls away. Epoch ms. */
export interface FireRow {
  /** The fire; absent where the row only tells what falls away. */
  readonly at?: number;
  /** The saved schedule fires then as well. */
  readonly isKept: boolean;
  /** Fires of the saved schedule that are no more, ascending, each standing by the fire nearest to it. */
  readonly gone: readonly number[];
}

/**
 * The first `limit` fires of a schedule against those of the saved one (both ascending, from the same moment on). Of the
 * saved ones, those up to the last row count: what neither list reaches is not compared.
 */
export function compareFires(saved: readonly number[], next: readonly number[], limit = 10): FireRow[] {
  const rows = next.slice(0, limit).map((at) => ({ at, isKept: false, gone: [] as number[] }));
  const last = rows.at(-1);
  if (!last) return saved.slice(0, limit).map((at) => ({ isKept: false, gone: [at] }));
  const isEnd = next.length <= limit;
  const gap = rows.length > 1 ? last.at - rows.at(-2)!.at : 0;
  const beyond: number[] = [];
  let index = 0;
  for (const at of saved) {
    while (index < rows.length - 1 && rows[index + 1]!.at - at <= at - rows[index]!.at) index++;
    const row = rows[index]!;
    if (row.at === at) {
      rows[index] = { ...row, isKept: true };
    } else if (at <= last.at + gap / 2) {
      row.gone.push(at);
    } else {
      beyond.push(at);
    }
  }
  const room = limit - rows.length;
  return [...rows, ...(isEnd ? beyond.slice(0, room).map((at) => ({ isKept: false, gone: [at] })) : [])];
}

/** Whether two lists of fires say the same as far as both reach. */
export function isSamePlan(saved: readonly number[], next: readonly number[]): boolean {
  const rows = compareFires(saved, next);
  return rows.every(({ isKept, gone }) => isKept && gone.length === 0);
}
