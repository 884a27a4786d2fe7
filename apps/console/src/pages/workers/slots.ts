/** Slots of a worker as squares. */
export interface Squares {
  /** Slots that one square stands for. */
  readonly each: number;
  /** 0 (free) to 1 (taken), square by square. */
  readonly filled: readonly number[];
}

const MOST = 20;

/** At most 20 squares; where there are more slots each stands for several: 1, 2, 5, 10, 20, ... */
export function squaresOf(slots: number, running: number): Squares {
  const each = roundUp(slots / MOST);
  const filled = Array.from({ length: Math.ceil(slots / each) }, (_, index) => {
    const size = Math.min(each, slots - index * each);
    return Math.min(1, Math.max(0, (running - index * each) / size));
  });
  return { each, filled };
}

function roundUp(least: number): number {
  for (let power = 1; ; power *= 10) {
    const found = [1, 2, 5].map((digit) => digit * power).find((each) => each >= least);
    if (found !== undefined) return found;
  }
}
