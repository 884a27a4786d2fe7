import type { Run } from '@app/jobs';
import { expect } from 'vitest';
import { percentile } from '../accounting/percentile.js';
import { Stage } from '../accounting/stage.js';
import { STEADY } from './crew.js';
import { latenessOfFree } from './lateness.js';
import { secondAfter } from './span.js';

/** A stretch of fires, from the first to before the last. Epoch milliseconds. */
export type Stretch = readonly [from: number, to: number];

/** What a scene came to: how late fires were that nothing held up, and how many of its fires the steady job ran. */
export interface Figures {
  readonly fires: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly steadyShare: number;
  /** Fires of the steady job that did not run, for an earlier run of it was not known to have ended. */
  readonly steadyLost: readonly number[];
  /** Records of fires that nobody started. */
  readonly missed: readonly Run[];
}

/**
 * Accounts for everything that happened so far: each fire once, in plan, truth and records alike. Then gives the figures
 * of a stretch, and notes them under the name of the scene.
 */
export async function account(stage: Stage, scene: string, [from, to]: Stretch): Promise<Figures> {
  expect(await stage.discrepancies(secondAfter(Date.now()) - 2_000, 60_000)).toEqual([]);
  const { starts } = stage.truth();
  const late = latenessOfFree(starts, [from, to], (runId) => stage.records.get(runId)?.endTime);
  const steady = new Set(starts.filter(({ jobName }) => jobName === STEADY).map(({ scheduledTime }) => scheduledTime));
  const due = fireTimes([from, to]);
  const steadyLost = due.filter((at) => !steady.has(at));
  const figures: Figures = {
    fires: late.length,
    p50Ms: percentile(late, 0.5),
    p99Ms: percentile(late, 0.99),
    maxMs: late.at(-1) ?? Number.NaN,
    steadyShare: 1 - steadyLost.length / due.length,
    steadyLost,
    missed: [...stage.records.values()].filter(
      ({ status, scheduledTime: at }) => status === 'missed' && at >= from && at < to,
    ),
  };
  const { fires, p50Ms, p99Ms, maxMs, steadyShare, missed } = figures;
  const lateness = fires === 0 ? 'none started' : `lateness p50 ${p50Ms} ms, p99 ${p99Ms} ms, at most ${maxMs} ms`;
  stage.figures.push(
    `${scene}: ${fires} fires nothing held up, ${lateness}; ` +
      `missed: ${inWords(missed)}; the steady job ran ${(100 * steadyShare).toFixed(1)} % of its fires`,
  );
  return figures;
}

/** How many for which reason. */
function inWords(missed: readonly Run[]): string {
  const counts = new Map<string, number>();
  for (const { reason = 'no reason' } of missed) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ') || 'none';
}

/** The whole seconds of the stretch. */
function fireTimes([from, to]: Stretch): number[] {
  const first = Math.ceil(from / 1000) * 1000;
  return Array.from({ length: Math.ceil((to - first) / 1000) }, (_, index) => first + index * 1000);
}
