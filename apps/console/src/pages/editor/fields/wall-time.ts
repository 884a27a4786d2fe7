import { wallClock } from '@/format/instant';

/** What the clocks of a zone show at an instant, as a date-and-time field holds it: `2026-12-01T08:00`. Empty for none. */
export function wallTimeOf(instant: unknown, zone: string): string {
  const at = typeof instant === 'string' ? Date.parse(instant) : Number.NaN;
  if (Number.isNaN(at)) return '';
  const { year, month, day, hour, minute, second } = wallClock(at, zone);
  return `${year}-${month}-${day}T${hour}:${minute}${second === '00' ? '' : `:${second}`}`;
}

/**
 * The instant at which the clocks of a zone show a time, in ISO 8601; undefined for what is no time. Of a time shown
 * twice the first is meant; one never shown is taken for as much after the change.
 */
export function instantAt(wallTime: string, zone: string): string | undefined {
  const shown = Date.parse(`${wallTime.padEnd(19, ':00')}Z`);
  if (Number.isNaN(shown)) return undefined;
  // The offset at the instant is not known before the instant is: those a day around cover every change.
  const offsets = [shown - 86_400_000, shown + 86_400_000].map((at) => offsetAt(at, zone));
  const [before = 0, after = 0] = offsets;
  const candidates = [shown - Math.max(before, after), shown - Math.min(before, after)];
  const found = candidates.find((at) => at + offsetAt(at, zone) === shown) ?? shown - before;
  return new Date(found).toISOString().replace('.000Z', 'Z');
}

/** How far the clocks of a zone are ahead of UTC, milliseconds. */
function offsetAt(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(at, zone);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(at / 1000) * 1000;
}
