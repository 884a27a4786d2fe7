/** How an instant or a length of time is said, in the two languages. */
export type Language = 'en' | 'zh';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = {
  en: { ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd' },
  zh: { ms: '毫秒', s: '秒', min: '分', h: '小时', d: '天' },
} as const;

/** A length of time as people say it: `840 ms`, `1.24 s`, `41 s`, `3 min 12 s`, `1 h 55 min`, `10 d 4 h`. */
export function formatDuration(ms: number, language: Language = 'en'): string {
  const unit = UNITS[language];
  const length = Math.abs(ms);
  if (length < SECOND) {
    return `${Math.round(length)} ${unit.ms}`;
  }
  if (length < 10 * SECOND) {
    return `${trimmed(length / SECOND, 2)} ${unit.s}`;
  }
  if (length < MINUTE) {
    return `${Math.floor(length / SECOND)} ${unit.s}`;
  }
  const pairs = [
    [MINUTE, HOUR, unit.min, SECOND, unit.s],
    [HOUR, DAY, unit.h, MINUTE, unit.min],
    [DAY, Number.POSITIVE_INFINITY, unit.d, HOUR, unit.h],
  ] as const;
  for (const [size, below, name, smaller, smallerName] of pairs) {
    if (length < below) {
      const rest = Math.floor((length % size) / smaller);
      const whole = `${Math.floor(length / size)} ${name}`;
      return rest === 0 || length >= 100 * size ? whole : `${whole} ${rest} ${smallerName}`;
    }
  }
  return '';
}

/** How late something started: `+180 ms`; `on time` is +0 ms. */
export function formatLateness(ms: number, language: Language = 'en'): string {
  return `${ms < 0 ? '−' : '+'}${formatDuration(ms, language)}`;
}

/** "in 4 min", "2 h ago", "now": one unit, rounded down. */
export function formatDistance(ms: number, language: Language = 'en'): string {
  const length = Math.abs(ms);
  if (length < SECOND) {
    return language === 'zh' ? '现在' : 'now';
  }
  const unit = UNITS[language];
  const said =
    length < MINUTE
      ? `${Math.floor(length / SECOND)} ${unit.s}`
      : length < HOUR
        ? `${Math.floor(length / MINUTE)} ${language === 'zh' ? '分钟' : unit.min}`
        : length < 2 * DAY
          ? `${Math.floor(length / HOUR)} ${unit.h}`
          : `${Math.floor(length / DAY)} ${language === 'zh' ? '天' : 'days'}`;
  if (language === 'zh') {
    return ms > 0 ? `${said}后` : `${said}前`;
  }
  return ms > 0 ? `in ${said}` : `${said} ago`;
}

/** `00:23`, `25:23`, `1 h 55`: what is left until something, for a countdown. */
export function formatCountdown(ms: number): string {
  const left = Math.max(0, ms);
  if (left >= HOUR) {
    return `${Math.floor(left / HOUR)} h ${String(Math.floor((left % HOUR) / MINUTE)).padStart(2, '0')}`;
  }
  const minutes = String(Math.floor(left / MINUTE)).padStart(2, '0');
  return `${minutes}:${String(Math.floor((left % MINUTE) / SECOND)).padStart(2, '0')}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
