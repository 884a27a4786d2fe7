import type { PlannedFire } from '@fleetcron/sdk';

/** The fires of one job within an hour. Epoch milliseconds. */
export interface AgendaLine {
  readonly jobName: string;
  /** The first of them. */
  readonly at: number;
  readonly count: number;
}

/** An hour with its fires, by the first of each job. */
export interface AgendaHour {
  readonly at: number;
  readonly lines: readonly AgendaLine[];
}

const HOUR_MS = 3_600_000;

/** Fires, ascending, by hour and job: a job that fires each second is one line, not 3,600. */
export function agendaOf(fires: readonly PlannedFire[]): readonly AgendaHour[] {
  const hours = new Map<number, Map<string, { jobName: string; at: number; count: number }>>();
  for (const { jobName, scheduledTime } of fires) {
    const at = Date.parse(scheduledTime);
    const start = Math.floor(at / HOUR_MS) * HOUR_MS;
    const lines = hours.get(start) ?? new Map();
    hours.set(start, lines);
    const known = lines.get(jobName);
    if (known) known.count += 1;
    else lines.set(jobName, { jobName, at, count: 1 });
  }
  return [...hours].map(([at, lines]) => ({ at, lines: [...lines.values()] }));
}
