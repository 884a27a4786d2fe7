import type { RouteLocationRaw } from 'vue-router';
import { isToCome, type Spot } from './spots';

/** Where a spot leads: its run, its hour's runs, the plan of what comes, else the question why there is no run. */
export function wayOfSpot(jobName: string, spot: Spot): RouteLocationRaw {
  if (spot.kind === 'hour') {
    if (isToCome(spot)) return { name: 'job', params: { name: jobName }, query: { tab: 'plan' } };
    const [from, to] = [spot.at, spot.untilAt].map((at) => new Date(at).toISOString());
    return { name: 'runs', query: { job: jobName, from, to } };
  }
  const { runId, status, at } = spot.mark;
  if (runId !== undefined) {
    return { name: 'run', params: { id: runId } };
  }
  const query = status === 'planned' ? { tab: 'plan' } : { tab: 'ledger', at };
  return { name: 'job', params: { name: jobName }, query };
}
