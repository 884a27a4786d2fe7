import { formatDay, formatTime, wallClock, zoneName } from '@/format/instant';
import type { FireRow } from '@/schedule/compare-fires';

/** A row of fires in words. */
export interface SaidRow {
  readonly key: number;
  /** The day the row stands under: an instant in it (epoch ms), and on whose clocks. */
  readonly day: number;
  readonly dayZone: string;
  readonly isKept: boolean;
  /** The fire on the clocks of the job's zone; absent where the row only tells what falls away. */
  readonly next?: string;
  /** The first of the saved fires that fall away here, on the clocks of the saved zone. */
  readonly gone?: string;
  /** How many more fall away here. */
  readonly goneMore: number;
  /** The time here, where it differs from the clocks of the job's zone. */
  readonly here?: string;
  /** Clocks changed since the row before. */
  readonly isAfterChange: boolean;
}

export interface Zones {
  readonly job: string;
  readonly saved: string;
  readonly here: string;
}

/** Rows of fires as they are read: times with the name of their zone where more than one zone is about. */
export function sayRows(rows: readonly FireRow[], zones: Zones, changes: readonly number[]): SaidRow[] {
  const isOneZone =
    zones.job === zones.here && (zones.saved === zones.job || rows.every(({ gone }) => gone.length === 0));
  const say = (at: number, zone: string, today: string): string => {
    const date = formatDay(at, zone) === today ? '' : `${formatDay(at, zone).slice(5)} `;
    const time = formatTime(at, zone, { seconds: at % 60_000 !== 0 });
    return isOneZone ? `${date}${time}` : `${date}${time} ${zoneName(at, zone)}`;
  };
  return rows.map(({ at, isKept, gone }, index) => {
    const day = at ?? gone[0] ?? 0;
    const dayZone = at === undefined ? zones.saved : zones.job;
    const today = formatDay(day, dayZone);
    const before = rows[index - 1]?.at;
    return {
      key: day,
      day,
      dayZone,
      isKept,
      ...(at !== undefined && { next: say(at, zones.job, today) }),
      ...(gone[0] !== undefined && { gone: say(gone[0], zones.saved, today) }),
      goneMore: Math.max(0, gone.length - 1),
      ...(at !== undefined && zones.here !== zones.job && { here: formatTime(at, zones.here, { seconds: false }) }),
      isAfterChange: at !== undefined && before !== undefined && changes.some((each) => each > before && each <= at),
    };
  });
}

/** What the clocks of a zone show at an instant, in milliseconds as if it were UTC. */
export function clockOf(zone: string): (at: number) => number {
  return (at) => {
    const { year, month, day, hour, minute, second } = wallClock(at, zone);
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  };
}
