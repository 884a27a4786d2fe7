/** Fires of all jobs by minute of an hour, as the plan counts them. */
export interface Crowd {
  /** Fires in the minute of the schedule itself, its own left out. */
  readonly others: number;
  /** A minute of the same hour with far fewer, the nearest of the emptiest. */
  readonly better?: { readonly minute: number; readonly others: number };
}

/** How many others make a minute worth leaving. */
const CROWDED = 3;

/** Whether so many others are worth a thought. */
export function isCrowded(others: number): boolean {
  return others >= CROWDED;
}

/**
 * How crowded a minute is. `counts` are the fires in each minute of its hour (60 of them); `own` is what this job itself
 * counts for in that minute. A better minute is offered only where it has less than half of the company.
 */
export function crowdOf(counts: readonly number[], minute: number, own: number): Crowd {
  const others = Math.max(0, (counts[minute] ?? 0) - own);
  if (!isCrowded(others)) return { others };
  const candidates = counts
    .map((count, each) => ({ minute: each, others: count }))
    .filter((each) => each.minute !== minute);
  const fewest = Math.min(...candidates.map((each) => each.others));
  if (fewest * 2 >= others) return { others };
  const [better] = candidates
    .filter((each) => each.others === fewest)
    .sort((a, b) => Math.abs(a.minute - minute) - Math.abs(b.minute - minute));
  return better ? { others, better } : { others };
}
