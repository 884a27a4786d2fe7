/** What somebody typed as an instant, on the wall clock of the job's zone. */
export interface AskedTime {
  /** `2026-11-21`. */
  readonly date: string;
  /** `01:00:00`. */
  readonly time: string;
}

/** Reads `1:00`, `01:00:30` or `2026-11-21 01:00`; a time alone is of `day`. undefined where it is none of them. */
export function readAskedTime(text: string, day: string): AskedTime | undefined {
  const found = /^(?:(\d{4}-\d{2}-\d{2})[ T]+)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (!found) {
    return undefined;
  }
  const [, date = day, hour = '', minute = '', second = '00'] = found;
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  const isDay = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) === true;
  return isTime && isDay ? { date, time: `${hour.padStart(2, '0')}:${minute}:${second}` } : undefined;
}
