import { formatDay, formatTime } from '@/format/instant';

/** `01:00` today, else `11-20 22:20`: an instant in a sentence, to the minute. Epoch milliseconds. */
export function clockText(at: number, zone: string, now: number): string {
  const time = formatTime(at, zone, { seconds: false });
  const day = formatDay(at, zone);
  return day === formatDay(now, zone) ? time : `${day.slice(5)} ${time}`;
}
