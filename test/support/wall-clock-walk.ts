/**
 * The oracle of the schedule tests: walks a wall clock step by step with Intl and plain sets, sharing no code and no idea
 * with the schedule itself. Understands numbers, ranges, steps and lists in 5 or 6 fields.
 */
export class WallClockWalk {
  private readonly format: Intl.DateTimeFormat;
  private readonly fields: readonly ReadonlySet<number>[];
  private readonly isFixedTime: boolean;
  private readonly isEitherDay: boolean;
  private readonly stepMs: number;

  constructor(cronExpr: string, timezone: string) {
    const five = cronExpr.split(' ');
    // Five fields fire on the minute, so the walk may step by minutes.
    this.stepMs = five.length === 5 ? 60_000 : 1000;
    const texts = five.length === 5 ? ['0', ...five] : five;
    const ranges = [59, 59, 23, 31, 12, 7];
    this.fields = texts.map((text, index) => setOf(text, index === 3 || index === 4 ? 1 : 0, ranges[index] ?? 0));
    this.isFixedTime = !texts[1]?.startsWith('*') && !texts[2]?.startsWith('*');
    this.isEitherDay = !texts[3]?.startsWith('*') && !texts[5]?.startsWith('*');
    this.format = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** All fires in (from, to]. */
  fires(from: number, to: number): number[] {
    const fires: number[] = [];
    // Begin a day before, to know which wall-clock times have been.
    const start = Math.floor((from - 86_400_000) / this.stepMs) * this.stepMs;
    let latest = this.wallClock(start);
    for (let at = start + this.stepMs; at <= to; at += this.stepMs) {
      const wallClock = this.wallClock(at);
      const isDue = this.isFixedTime ? this.matchesBetween(latest, wallClock) : this.matches(wallClock);
      latest = Math.max(latest, wallClock);
      if (isDue && at > from) fires.push(at);
    }
    return fires;
  }

  private wallClock(at: number): number {
    const [day, month, year, hour, minute, second] = this.format.format(at).match(/\d+/g)!.map(Number) as number[];
    return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
  }

  /** A time that has been does not come again; those the clock jumped over come now. */
  private matchesBetween(latest: number, now: number): boolean {
    for (let at = now; at > latest; at -= this.stepMs) if (this.matches(at)) return true;
    return false;
  }

  private matches(wallClock: number): boolean {
    const date = new Date(wallClock);
    const [second, minute, hour, day, month, weekday] = this.fields as [Set<number>, ...Set<number>[]];
    const isDay = day!.has(date.getUTCDate());
    const isWeekday = weekday!.has(date.getUTCDay()) || (date.getUTCDay() === 0 && weekday!.has(7));
    return (
      second.has(date.getUTCSeconds()) &&
      minute!.has(date.getUTCMinutes()) &&
      hour!.has(date.getUTCHours()) &&
      month!.has(date.getUTCMonth() + 1) &&
      (this.isEitherDay ? isDay || isWeekday : isDay && isWeekday)
    );
  }
}

function setOf(text: string, min: number, max: number): Set<number> {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [range = '', step = '1'] = item.split('/');
    const [low, high = low] = range === '*' ? [String(min), String(max)] : range.split('-');
    for (let value = Number(low); value <= Number(high); value += Number(step)) values.add(value);
  }
  return values;
}
