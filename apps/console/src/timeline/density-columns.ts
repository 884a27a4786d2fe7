import type { Crowd, Density } from './crowding';
import { placeOf, type Span } from './span';

/** A step of time with its fires, as a column. Pixels. */
export interface DensityColumn {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly isCrowded: boolean;
}

const LEAST_HIGH = 2;
const LEAST_WIDE = 0.8;
const LEAST_WIDE_CROWDED = 2;
/** From this width on, columns stand apart. */
const APART = 4;

/**
 * The columns of what is to come, left to right; empty steps and those out of sight are left out. The step that holds
 * the present begins at it, and what is over is not drawn: the count was made a moment ago.
 */
export function densityColumns(
  { from, stepMs, counts }: Density,
  { span, width, height, crowds, now }: DensityAxis,
): readonly DensityColumn[] {
  const crowded = new Set(crowds.map(({ at }) => at));
  const most = Math.max(1, ...counts);
  const stepWidth = (stepMs / (span.to - span.from)) * width;
  const gap = stepWidth > APART ? 1 : 0;
  return counts.flatMap((count, index) => {
    const at = from + index * stepMs;
    const x = placeOf(Math.max(at, now), span, width);
    const end = placeOf(at + stepMs, span, width);
    if (count === 0 || at + stepMs <= now || end < 0 || x > width) return [];
    const isCrowded = crowded.has(at);
    return {
      x,
      width: Math.max(isCrowded ? LEAST_WIDE_CROWDED : LEAST_WIDE, end - x - gap),
      height: Math.max(LEAST_HIGH, Math.sqrt(count / most) * height),
      isCrowded,
    };
  });
}

/** What the columns are drawn on. */
export interface DensityAxis {
  /** What the width stands for. */
  readonly span: Span;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly crowds: readonly Crowd[];
  /** Epoch milliseconds. */
  readonly now: number;
}
