/** Units a length of time is written in, by their length in seconds. */
const LENGTHS = { s: 1, min: 60, h: 3600, d: 86_400 } as const;
export type SecondsUnit = keyof typeof LENGTHS;
export const UNITS: readonly SecondsUnit[] = ['s', 'min', 'h', 'd'];

/** The unit to show a length in: the one somebody chose while it says the length whole, else the largest that does. */
export function unitOf(seconds: unknown, chosen?: SecondsUnit): SecondsUnit {
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds === 0) return chosen ?? 's';
  if (chosen && Number.isInteger((seconds / LENGTHS[chosen]) * 1000)) return chosen;
  return UNITS.findLast((unit) => seconds % LENGTHS[unit] === 0) ?? 's';
}

/** What stands in the field for a length; what is no number stands there as it is. */
export function amountOf(seconds: unknown, unit: SecondsUnit): string {
  if (seconds === undefined) return '';
  return typeof seconds === 'number' ? String(Number((seconds / LENGTHS[unit]).toFixed(3))) : String(seconds);
}

/** Seconds of what was typed; undefined for nothing. What is no number is given on, for the server to say so. */
export function secondsOf(typed: string, unit: SecondsUnit): number | string | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (!/^-?\d{1,12}(\.\d{1,3})?$/.test(text)) return typed;
  return Math.round(Number(text) * LENGTHS[unit] * 1000) / 1000;
}
