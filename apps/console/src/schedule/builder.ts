/** A schedule as people choose it. What none of these can say is an `expression`. */
export type Builder =
  | Every
  | Daily
  | Weekly
  | Monthly
  | Once
  | { readonly kind: 'hand' }
  | { readonly kind: 'expression' };
export type BuilderKind = Builder['kind'];

/** In the order they are offered. */
export const BUILDER_KINDS: readonly BuilderKind[] = [
  ...(['every', 'daily', 'weekly', 'monthly', 'once', 'hand', 'expression'] as const),
];

export const EVERY_UNITS = ['second', 'minute', 'hour', 'day'] as const;
export type EveryUnit = (typeof EVERY_UNITS)[number];

export interface Every {
  readonly kind: 'every';
  readonly count: number;
  readonly unit: EveryUnit;
  /** Of hours that divide the day: the minute of the hour. */
  readonly minute?: number;
}

/** A time of day on the clocks of the job's zone. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

export interface Daily extends TimeOfDay {
  readonly kind: 'daily';
}

export interface Weekly extends TimeOfDay {
  readonly kind: 'weekly';
  /** 1 (Monday) to 7 (Sunday), ascending, at least one. */
  readonly days: readonly number[];
}

/** The last day of a month, among its days. */
export const LAST_DAY = 32;

export interface Monthly extends TimeOfDay {
  readonly kind: 'monthly';
  /** 1 to 31 and `LAST_DAY`, ascending, at least one. */
  readonly days: readonly number[];
}

export interface Once {
  readonly kind: 'once';
  /** `2026-12-01T08:00:00` on the clocks of the job's zone. */
  readonly at: string;
}

/** The time of day a builder has; that of the morning where it has none. */
export function timeOf(builder: Builder): TimeOfDay {
  if ('hour' in builder) return { hour: builder.hour, minute: builder.minute };
  if (builder.kind === 'once') {
    const [, hour, minute] = /T(\d\d):(\d\d)/.exec(builder.at) ?? [];
    return { hour: Number(hour ?? 8), minute: Number(minute ?? 0) };
  }
  return { hour: 8, minute: builder.kind === 'every' ? (builder.minute ?? 0) : 0 };
}

/**
 * What a person means who turns from one kind to another: the time of day stays. `today` is the day on the clocks of the
 * job's zone, `2026-11-21`, for what happens once.
 */
export function turnedInto(kind: BuilderKind, from: Builder, today: string): Builder {
  const time = timeOf(from);
  switch (kind) {
    case 'every':
      return { kind, count: 5, unit: 'minute' };
    case 'daily':
      return { kind, ...time };
    case 'weekly':
      return { kind, ...time, days: [1, 2, 3, 4, 5] };
    case 'monthly':
      return { kind, ...time, days: [1] };
    case 'once':
      return { kind, at: `${dayAfter(today)}T${two(time.hour)}:${two(time.minute)}:00` };
    case 'hand':
    case 'expression':
      return { kind };
  }
}

/** Two digits. */
export function two(value: number): string {
  return String(value).padStart(2, '0');
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
