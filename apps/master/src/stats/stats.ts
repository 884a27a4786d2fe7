import { HistoryStore, mergeRollups, percentile, RollupTotal, sizeOf, successRate, totalCount } from '@app/logs';
import { z } from 'zod';
import { iso } from '../api/fields.js';
import { statsDto } from './stats.dto.js';

const HOUR_MS = 3_600_000;

/** What the window before `now` came to, of one job or of all. Read from roll-ups, never counted. Throws StoreUnavailable. */
export async function readStats(
  history: HistoryStore,
  query: { jobName?: string; windowMs: number; now: number },
): Promise<z.infer<typeof statsDto>> {
  const from = Math.floor((query.now - query.windowMs) / HOUR_MS) * HOUR_MS;
  const rollups = await history.findRollups({ jobName: query.jobName, from, to: query.now });
  const total = mergeRollups(rollups);
  const hours = [...rollups].sort((left, right) => left.hour - right.hour);
  return {
    from: iso(from),
    to: iso(query.now),
    total: totalCount(total),
    counts: total.counts,
    successRate: successRate(total),
    duration: durationsOf(total),
    lateness: latenessOf(total),
    hours: hours.map((rollup) => ({ at: iso(rollup.hour), counts: rollup.counts, duration: bandOf(rollup) })),
  };
}

function durationsOf({ durations, durationSumMs, durationMaxMs }: RollupTotal): Durations {
  const runs = sizeOf(durations);
  const at = (p: number) => rounded(percentile(durations, p));
  if (runs === 0) return { runs };
  return { runs, p50Ms: at(0.5), p95Ms: at(0.95), averageMs: Math.round(durationSumMs / runs), maxMs: durationMaxMs };
}

type Durations = z.infer<typeof statsDto>['duration'];

/** How long the runs of an hour took, as a band can be drawn of it. */
function bandOf(rollup: RollupTotal) {
  const { runs, p50Ms, p95Ms, maxMs } = durationsOf(rollup);
  return { runs, p50Ms, p95Ms, maxMs };
}

function latenessOf({ lateness, latenessMaxMs }: RollupTotal) {
  const at = (p: number) => rounded(percentile(lateness, p));
  return sizeOf(lateness) === 0 ? {} : { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: latenessMaxMs };
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}
