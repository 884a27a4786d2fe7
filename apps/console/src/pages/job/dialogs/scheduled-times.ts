import { getJobPlan, type Job, previewSchedule } from '@fleetcron/sdk';
import { ask } from '@/api/ask';

/** Fires one backfill may ask for. */
export const MOST_FIRES = 1000;
/** Fires one preview gives. */
const PREVIEW = 500;
const SECOND_MS = 1000;

/** A span of epoch milliseconds, both ends inclusive. */
export interface Within {
  readonly from: number;
  readonly to: number;
}

/**
 * The scheduled times of a job within a span by its schedule as it is now, ascending, whether or not the job was there
 * then: what a backfill of the span runs. At most one more than a backfill takes. Throws ApiProblem.
 */
export async function scheduledTimes(job: Job, { from, to }: Within): Promise<number[]> {
  if (job.state === 'paused') {
    // The plan of a paused job is empty.
    return await previewed(job, { from, to });
  }
  const query = { from: iso(from), to: iso(to + SECOND_MS), limit: MOST_FIRES + 1 };
  const { items } = await ask(() => getJobPlan({ path: { name: job.name }, query }));
  return items.map(({ scheduledTime }) => Date.parse(scheduledTime)).filter((at) => at <= to);
}

async function previewed(job: Job, { from, to }: Within): Promise<number[]> {
  const { cronExpr, name, timezone = 'UTC', startAt, endAt } = job;
  if (!cronExpr) return [];
  const schedule = { cronExpr, timezone, name, ...(startAt && { startAt }), ...(endAt && { endAt }) };
  const times: number[] = [];
  let after = from - 1;
  while (times.length <= MOST_FIRES) {
    const body = { ...schedule, from: iso(after), count: PREVIEW };
    const { fires } = await ask(() => previewSchedule({ body }));
    const read = fires.map((each) => Date.parse(each));
    times.push(...read.filter((at) => at <= to));
    const last = read.at(-1);
    if (last === undefined || last > to || read.length < PREVIEW) break;
    after = last;
  }
  return times.slice(0, MOST_FIRES + 1);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
