import uPlot from 'uplot';
import { DURATION_STEPS, durationLabel, logSplits, timeLabels } from '@/charts/time-axis';
import type { Language } from '@/format/duration';
import type { BandPoint, Dot } from './duration-data';

/** Columns of the chart, over one shared axis of epoch seconds: p95, p50, runs that went well, runs that did not. */
export function chartData(band: readonly BandPoint[], dots: readonly Dot[]): uPlot.AlignedData {
  const lines: uPlot.AlignedData = [
    band.map(({ at }) => at / 1000),
    band.map(({ p95Ms }) => Math.max(1, p95Ms)),
    band.map(({ p50Ms }) => Math.max(1, p50Ms)),
  ];
  const points = (isBad: boolean): uPlot.AlignedData => {
    const chosen = dots.filter((dot) => dot.isBad === isBad);
    return [chosen.map(({ at }) => at / 1000), chosen.map(({ durationMs }) => Math.max(1, durationMs))];
  };
  return uPlot.join([lines, points(false), points(true)]);
}

/** What the options depend on. */
export interface ChartFacts {
  readonly isLog: boolean;
  readonly zone: string;
  readonly language: Language;
  /** The window as it is at each drawing, epoch milliseconds. */
  readonly span: () => { from: number; to: number };
}

/** The options of the chart of durations: a band with its median, dots over it, durations up, times of the zone along. */
export function chartOptions(
  { isLog, zone, language, span }: ChartFacts,
  color: (variable: string) => string,
): Omit<uPlot.Options, 'width' | 'height'> {
  const axis: uPlot.Axis = {
    stroke: color('--faint'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    font: '11px sans-serif',
  };
  const line = { spanGaps: true, points: { show: false } };
  const dot = (stroke: string, size: number): uPlot.Series => ({
    stroke,
    paths: () => null,
    points: { show: true, size, width: 1.5, stroke, fill: stroke },
  });
  return {
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: () => [span().from / 1000, span().to / 1000] },
      y: isLog
        ? { distr: 3, log: 10, range: (_, min, max) => [(min ?? 1) / 1.5, (max ?? 1000) * 1.5] }
        : { range: (_, __, max) => [0, (max ?? 1000) * 1.1] },
    },
    series: [
      {},
      { ...line, stroke: 'transparent' },
      { ...line, stroke: color('--accent'), width: 1.5 },
      dot(color('--succeeded'), 4),
      dot(color('--failed'), 7),
    ],
    bands: [{ series: [1, 2], fill: color('--accent-weak') }],
    axes: [
      { ...axis, values: (_, splits, __, ___, step) => timeLabels(splits, step, zone), size: 40 },
      {
        ...axis,
        size: 72,
        incrs: [...DURATION_STEPS],
        values: (_, splits) => splits.map((ms) => durationLabel(ms, language)),
        ...(isLog && {
          splits: (_: uPlot, __: number, min: number, max: number) => logSplits(min, max),
          filter: (_: uPlot, s: number[]) => s,
        }),
      },
    ],
  };
}

/** The dot within reach of a place on the chart, in pixels of the plot; undefined where there is none. */
export function dotNear<T extends Dot>(chart: uPlot, dots: readonly T[], left: number, top: number): T | undefined {
  const REACH = 14;
  let nearest: { dot: T; distance: number } | undefined;
  for (const dot of dots) {
    const distance = Math.hypot(
      chart.valToPos(dot.at / 1000, 'x') - left,
      chart.valToPos(Math.max(1, dot.durationMs), 'y') - top,
    );
    if (distance <= REACH && (!nearest || distance < nearest.distance)) nearest = { dot, distance };
  }
  return nearest?.dot;
}
