const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', ...options });
    cache.set(key, found);
  }
  return found;
}

/** The parts of an instant on the wall clock of a zone, each as two or four digits. */
export interface WallClock {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
}

const NUMERIC: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
};

/** What the clock on the wall shows in a zone at an instant (epoch milliseconds). */
export function wallClock(at: number, zone: string): WallClock {
  const parts = formatter(zone, NUMERIC).formatToParts(at);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    second: of('second'),
  };
}

/** `2026-11-21 01:00:00`, with milliseconds where asked. */
export function formatInstant(at: number, zone: string, { millis = false } = {}): string {
  const { year, month, day, hour, minute, second } = wallClock(at, zone);
  const fraction = millis ? `.${String(Math.floor(at) % 1000).padStart(3, '0')}` : '';
  return `${year}-${month}-${day} ${hour}:${minute}:${second}${fraction}`;
}

/** `2026-11-21`. */
export function formatDay(at: number, zone: string): string {
  const { year, month, day } = wallClock(at, zone);
  return `${year}-${month}-${day}`;
}

/** `01:00:00`, with milliseconds where asked. */
export function formatTime(at: number, zone: string, { millis = false, seconds = true } = {}): string {
  const { hour, minute, second } = wallClock(at, zone);
  const fraction = millis ? `.${String(Math.floor(at) % 1000).padStart(3, '0')}` : '';
  return seconds ? `${hour}:${minute}:${second}${fraction}` : `${hour}:${minute}`;
}

/** Time alone for today, else day and time: as short as can be without being wrong. `now` and `at` in epoch milliseconds. */
export function formatShort(at: number, zone: string, now: number): string {
  const day = formatDay(at, zone);
  if (day === formatDay(now, zone)) {
    return formatTime(at, zone);
  }
  const isThisYear = day.slice(0, 4) === formatDay(now, zone).slice(0, 4);
  return `${isThisYear ? day.slice(5) : day} ${formatTime(at, zone)}`;
}

/** The weekday and the day, as a heading: `Sat 21 Nov`, `11月21日 周六`. */
export function formatDate(at: number, zone: string, language: 'en' | 'zh'): string {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' }).format(
    at,
  );
}

/** The short name of a zone at an instant, such as `CST` or `GMT+8`. */
export function zoneName(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** Whether this browser knows the zone. */
export function isKnownZone(zone: string): boolean {
  try {
    formatter(zone, {});
    return true;
  } catch {
    return false;
  }
}
