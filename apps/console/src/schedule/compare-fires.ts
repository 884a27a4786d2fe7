/** A row of "what will change": a fire to come, and what the saved schedule has near it that falls away. Epoch ms. */
export interface FireRow {
  /** The fire; absent where the row only tells what falls away. */
  readonly at?: number;
  /** The saved schedule fires then as well. */
  readonly isKept: boolean;
  /** Fires of the saved schedule that are no more, ascending, each standing by the fire nearest to it. */
  readonly gone: readonly number[];
}

export interface Comparison {
  /** How many rows; 10 unless given. */
  readonly limit?: number;
  /**
   * What the clocks of each zone show at an instant, in milliseconds that can be compared: with another zone 01:00 of a
   * day stands beside 01:30 of the same day, wherever that is. The instants themselves unless given.
   */
  readonly savedClock?: (at: number) => number;
  readonly nextClock?: (at: number) => number;
}

/**
 * The first fires of a schedule against those of the saved one (both ascending, from the same moment on). Of the saved
 * ones, those up to the last row count: what neither list reaches is not compared.
 */
export function compareFires(
  saved: readonly number[],
  next: readonly number[],
  { limit = 10, savedClock = (at) => at, nextClock = (at) => at }: Comparison = {},
): FireRow[] {
  const rows = next.slice(0, limit).map((at) => ({ at, clock: nextClock(at), isKept: false, gone: [] as number[] }));
  const last = rows.at(-1);
  if (!last) return saved.slice(0, limit).map((at) => ({ isKept: false, gone: [at] }));
  const reach = last.clock + (rows.length > 1 ? last.clock - rows.at(-2)!.clock : 0) / 2;
  const kept = new Map(rows.map((row) => [row.at, row]));
  const beyond: number[] = [];
  let index = 0;
  for (const at of saved) {
    const same = kept.get(at);
    const clock = savedClock(at);
    while (index < rows.length - 1 && rows[index + 1]!.clock - clock <= clock - rows[index]!.clock) index++;
    if (same) same.isKept = true;
    else if (clock <= reach) rows[index]!.gone.push(at);
    else beyond.push(at);
  }
  const isEnd = next.length <= limit;
  return [
    ...rows.map(({ at, isKept, gone }) => ({ at, isKept, gone })),
    ...(isEnd ? beyond.slice(0, limit - rows.length).map((at) => ({ isKept: false, gone: [at] })) : []),
  ];
}
