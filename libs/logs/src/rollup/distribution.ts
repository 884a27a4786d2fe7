/**
 * Counted values, milliseconds, in steps so narrow that those of one step differ by less than 5 %: per step how many and
 * their sum. Values of one job lie close together, so it holds a few steps only. The sum lets a step speak by the mean of
 * what was really seen, never by a bound nobody saw.
 */
export type Distribution = Readonly<Record<string, StepCount>>;

/** Of one step: number of values, and their sum in milliseconds. */
export type StepCount = readonly [count: number, sumMs: number];

const STEP_RATIO = 1.05;

/** Counts a value in; a negative one (a clock that was ahead) counts as 0. */
export function countIn(into: Record<string, StepCount>, value: number, times = 1): void {
  const counted = Math.max(0, value);
  addStep(into, stepOf(counted), [times, counted * times]);
}

/** Adds all that another one counts. */
export function addInto(into: Record<string, StepCount>, other: Distribution): void {
  for (const [step, counted] of Object.entries(other)) addStep(into, step, counted);
}

/** How many values it counts. */
export function sizeOf(distribution: Distribution): number {
  return Object.values(distribution).reduce((sum, [count]) => sum + count, 0);
}

/**
 * The value that a share `p` (0 to 1) of the counted ones do not exceed, by nearest rank: the mean of those counted in the
 * same step, so it lies among what was seen and is exact where that was one value. undefined when nothing was counted.
 */
export function percentile(distribution: Distribution, p: number): number | undefined {
  const rank = Math.max(1, Math.ceil(Math.min(1, p) * sizeOf(distribution)));
  const steps = Object.entries(distribution).sort(([left], [right]) => Number(left) - Number(right));
  let seen = 0;
  for (const [, [count, sumMs]] of steps) {
    seen += count;
    if (seen >= rank) return sumMs / count;
  }
  return undefined;
}

function stepOf(value: number): string {
  return String(value < 1 ? 0 : 1 + Math.floor(Math.log(value) / Math.log(STEP_RATIO)));
}

function addStep(into: Record<string, StepCount>, step: string, [count, sumMs]: StepCount): void {
  const [known, knownMs] = into[step] ?? [0, 0];
  into[step] = [known + count, knownMs + sumMs];
}
