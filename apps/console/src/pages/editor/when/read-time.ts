import type { TimeOfDay } from '@/schedule/builder';

/** A time of day as people type it: `1:30`, `01.30`, `0130`, `13：30`. undefined: it is none. */
export function readTime(text: string): TimeOfDay | undefined {
  const [, hour, minute] = /^\s*(\d{1,2})(?:[:：.]|(?=\d\d\s*$))(\d\d)\s*$/.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return { hour: Number(hour), minute: Number(minute) };
}
