import { formatCountdown, formatDuration, type Language } from '@/format/duration';

const HOUR_MS = 3_600_000;

/** What is left until something: to the second in the last hour (`25:23`), before that in words (`13 h 20 min`). */
export function countdown(ms: number, language: Language): string {
  return ms < HOUR_MS ? formatCountdown(ms) : formatDuration(ms, language);
}
