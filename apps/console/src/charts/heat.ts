import { formatDay, wallClock } from '@/format/instant';
import { isBad, RUN_STATUSES, type RunStatus } from '@/format/status';
import type { CountedHour } from './stacked-hours';

/** What happened in one hour of one day, as the clock on the wall counts them. */
export interface HeatCell {
  /** Epoch milliseconds. Where the clock was set back, two hours are one cell. */
  readonly from: number;
  /** Exclusive. */
  readonly until: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly total: number;
  /** What needs a look most. */
  readonly worst: RunStatus;
  /** How strongly it is painted, 0 to 1: by the logarithm of the count, what is bad never weakly. */
  readonly strength: number;
}

/** Days across, hours down. */
export interface Heat {
  /** `2026-11-21`, ascending, without gaps. */
  readonly days: readonly string[];
  /** Under `2026-11-21 03`; hours without runs are left out. */
  readonly cells: ReadonlyMap<string, HeatCell>;
}

const HOUR_MS = 3_600_000;
const LEAST = 0.3;
const LEAST_BAD = 0.7;

/** The days of a zone from the instant `from` to the instant `to` (epoch milliseconds), with what happened in their hours. */
export function heatOf(
  hours: readonly CountedHour[],
  { from, to, zone }: { from: number; to: number; zone: string },
): Heat {
  const gathered = new Map<string, { from: number; until: number; counts: Record<string, number> }>();
  for (const { at: given, counts } of hours) {
    const at = typeof given === 'number' ? given : Date.parse(given);
    const { year, month, day, hour } = wallClock(at, zone);
    const key = `${year}-${month}-${day} ${hour}`;
    const known = gathered.get(key) ?? { from: at, until: at, counts: {} };
    for (const [status, count] of Object.entries(counts)) {
      known.counts[status] = (known.counts[status] ?? 0) + count;
    }
    gathered.set(key, {
      ...known,
      from: Math.min(known.from, at),
      until: Math.max(known.until, at + HOUR_MS),
    });
  }
  const totals = new Map([...gathered].map(([key, { counts }]) => [key, sum(counts)]));
  const most = Math.max(2, ...totals.values());
  const cells = new Map<string, HeatCell>();
  for (const [key, cell] of gathered) {
    const total = totals.get(key) ?? 0;
    const worst = RUN_STATUSES.find((status) => (cell.counts[status] ?? 0) > 0);
    if (worst) {
      const least = isBad(worst) ? LEAST_BAD : LEAST;
      cells.set(key, { ...cell, total, worst, strength: least + (1 - least) * (Math.log(total) / Math.log(most)) });
    }
  }
  return { days: daysBetween(formatDay(from, zone), formatDay(to, zone)), cells };
}

/** The cell a key of the keyboard leads to, `2026-11-21 03` to `2026-11-21 04`; undefined at the edge and for other keys. */
export function neighbour({ days }: Pick<Heat, 'days'>, cell: string, pressed: string): string | undefined {
  const [day = '', hour = ''] = cell.split(' ');
  const column = days.indexOf(day);
  const row = Number(hour);
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowRight: [column + 1, row],
    ArrowLeft: [column - 1, row],
    ArrowDown: [column, row + 1],
    ArrowUp: [column, row - 1],
    Home: [0, row],
    End: [days.length - 1, row],
  };
  const [across, down] = moves[pressed] ?? [-1, -1];
  const next = days[across];
  return next !== undefined && down >= 0 && down < 24 ? `${next} ${String(down).padStart(2, '0')}` : undefined;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += 24 * HOUR_MS) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}
