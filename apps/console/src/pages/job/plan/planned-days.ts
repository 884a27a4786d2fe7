import type { PlannedFire } from '@fleetcron/sdk';
import { formatDay, wallClock } from '@/format/instant';

/** A fire to come, with what is odd about it. */
export interface PlanRow {
  /** Epoch milliseconds. */
  readonly at: number;
  /** When it really starts, where that differs. */
  readonly dueAt?: number;
  /** Milliseconds the clock of the zone was put forward (back: negative) since the fire before. */
  readonly clockChange?: number;
}

export interface PlanDay {
  /** `2026-11-21`, in the zone of the job. */
  readonly day: string;
  readonly rows: readonly PlanRow[];
}

/** Fires by the days of the zone, with changes of the clock at the first fire after them. `since` is where the plan begins. */
export function plannedDays(fires: readonly PlannedFire[], zone: string, since: number): PlanDay[] {
  const days: { day: string; rows: PlanRow[] }[] = [];
  let offset = zoneOffset(since, zone);
  for (const { scheduledTime, dueAt: due } of fires) {
    const at = Date.parse(scheduledTime);
    const dueAt = Date.parse(due);
    const now = zoneOffset(at, zone);
    const row = { at, ...(dueAt !== at && { dueAt }), ...(now !== offset && { clockChange: now - offset }) };
    offset = now;
    const day = formatDay(at, zone);
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, rows: [row] });
  }
  return days;
}

/** Milliseconds the clock on the wall of a zone is ahead of UTC at an instant. */
export function zoneOffset(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(at, zone);
  return Date.UTC(+year, +month - 1, +day, +hour, +minute, +second) - Math.floor(at / 1000) * 1000;
}
