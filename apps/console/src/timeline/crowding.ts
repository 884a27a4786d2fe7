/** Fires counted step by step; times in epoch milliseconds. */
export interface Density {
  readonly from: number;
  readonly stepMs: number;
  readonly counts: readonly number[];
}

/** A step with its fires. */
export interface Crowd {
  readonly at: number;
  readonly untilAt: number;
  readonly count: number;
}

/** Fewer fires than this are never a crowd. */
const LEAST = 20;
/** A crowd has this many times the fires of a usual step. */
const TIMES = 3;

/** The steps that stand out, most crowded first, and apart from each other so that each can be named. */
export function crowdsOf({ from, stepMs, counts }: Density, most = 3): readonly Crowd[] {
  const busy = counts.filter((count) => count > 0);
  const usual = busy.reduce((sum, count) => sum + count, 0) / Math.max(1, busy.length);
  const apart = Math.ceil(counts.length / 10);
  const chosen: number[] = [];
  const ranked = counts
    .map((count, index) => ({ count, index }))
    .filter(({ count }) => count >= LEAST && count >= usual * TIMES)
    .sort((left, right) => right.count - left.count || left.index - right.index);
  for (const { index } of ranked) {
    if (chosen.length < most && chosen.every((other) => Math.abs(other - index) >= apart)) {
      chosen.push(index);
    }
  }
  return chosen.map((index) => crowdAt(index));

  function crowdAt(index: number): Crowd {
    const at = from + index * stepMs;
    return { at, untilAt: at + stepMs, count: counts[index] ?? 0 };
  }
}

/** The step with the most fires, the first of equals; undefined where nothing fires. */
export function busiestOf({ from, stepMs, counts }: Density): Crowd | undefined {
  let best = -1;
  for (const [index, count] of counts.entries()) {
    if (count > (best < 0 ? 0 : (counts[best] ?? 0))) best = index;
  }
  const at = from + best * stepMs;
  return best < 0 ? undefined : { at, untilAt: at + stepMs, count: counts[best] ?? 0 };
}
