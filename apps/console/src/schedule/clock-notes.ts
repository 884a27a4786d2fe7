import { formatTime } from '@/format/instant';

/** A change of clocks as the API tells it, in epoch milliseconds. */
export interface ClockChange {
  readonly at: number;
  /** How far the clocks move; positive: forward. */
  readonly bySeconds: number;
}

/** What a change of clocks means to a schedule. Times are those on the clocks of the zone, `01:30`. */
export type ClockNote =
  /** The clock shows the time twice. */
  | { readonly kind: 'twice'; readonly at: number; readonly wall: string; readonly runs: 'once' | 'both' }
  /** The clock never shows the time: the fire stands at `runsAt`, or is left out. */
  | { readonly kind: 'never'; readonly at: number; readonly wall: string; readonly runsAt?: string };

/**
 * What the changes mean to a schedule with these fires (ascending, epoch ms): nothing is said of a change that its fires
 * do not come near to. The usual times of day are read off the fires themselves.
 */
export function clockNotes(fires: readonly number[], changes: readonly ClockChange[], zone: string): ClockNote[] {
  return changes.flatMap((change) => {
    const note = change.bySeconds < 0 ? twice(fires, change, zone) : never(fires, change, zone);
    return note ? [note] : [];
  });
}

function twice(fires: readonly number[], { at, bySeconds }: ClockChange, zone: string): ClockNote | undefined {
  const length = -bySeconds * 1000;
  const first = fires.find((fire) => fire >= at - length && fire < at);
  const second = fires.find((fire) => fire >= at && fire < at + length);
  const fire = first ?? second;
  if (fire === undefined) return undefined;
  const wall = formatTime(fire, zone, { seconds: false });
  return { kind: 'twice', at, wall, runs: first !== undefined && second !== undefined ? 'both' : 'once' };
}

function never(fires: readonly number[], { at, bySeconds }: ClockChange, zone: string): ClockNote | undefined {
  // The gap on the wall: from what the clock would have shown at the change to what it shows.
  const from = minutes(formatTime(at - 1000, zone)) + 1;
  const to = from + bySeconds / 60;
  const usual = fires.find((fire) => {
    const minute = minutes(formatTime(fire, zone));
    return Math.abs(fire - at) < WEEKS && minute >= from && minute < to;
  });
  if (usual === undefined) return undefined;
  const after = fires.find((fire) => fire >= at && fire < at + bySeconds * 1000);
  const wall = formatTime(usual, zone, { seconds: false });
  if (after === undefined) return { kind: 'never', at, wall };
  const runsAt = formatTime(after, zone, { seconds: false });
  const isUsual = fires.some(
    (fire) => Math.abs(fire - after) > DAY / 2 && formatTime(fire, zone, { seconds: false }) === runsAt,
  );
  return { kind: 'never', at, wall, ...(isUsual ? {} : { runsAt }) };
}

const DAY = 86_400_000;
const WEEKS = 62 * DAY;

function minutes(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}
