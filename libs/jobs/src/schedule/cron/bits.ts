/**
 * Sets of small numbers as bits. A set of up to 60 numbers is a pair of 30-bit words, `low` for 0 to 29 and `high` for
 * 30 to 59, because 30 bits stay small integers in V8.
 */
const WORD = 30;

/** Lowest member at or above `from`; -1 when there is none. */
export function nextBit(word: number, from: number): number {
  if (from > 31) return -1;
  const rest = word & (-1 << from);
  return rest === 0 ? -1 : 31 - Math.clz32(rest & -rest);
}

/** Highest member at or below `from`; -1 when there is none. */
export function previousBit(word: number, from: number): number {
  if (from < 0) return -1;
  const rest = from >= 31 ? word : word & ((2 << from) - 1);
  return rest === 0 ? -1 : 31 - Math.clz32(rest);
}

/** `nextBit` for a pair of words. */
export function nextBit60(low: number, high: number, from: number): number {
  if (from < WORD) {
    const found = nextBit(low, from);
    if (found >= 0) return found;
    from = WORD;
  }
  const found = nextBit(high, from - WORD);
  return found < 0 ? -1 : found + WORD;
}

/** `previousBit` for a pair of words. */
export function previousBit60(low: number, high: number, from: number): number {
  if (from >= WORD) {
    const found = previousBit(high, from - WORD);
    if (found >= 0) return found + WORD;
    from = WORD - 1;
  }
  return previousBit(low, from);
}

/** Whether a pair of words holds `value`. */
export function hasBit60(low: number, high: number, value: number): boolean {
  return value < WORD ? ((low >>> value) & 1) === 1 : ((high >>> (value - WORD)) & 1) === 1;
}

/** Number of members. */
export function countBits(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** Number of members below `end` (0 to 31). */
export function countBitsBelow(word: number, end: number): number {
  return end >= 32 ? countBits(word) : countBits(word & ((1 << end) - 1));
}

/** `countBitsBelow` for a pair of words. */
export function countBits60Below(low: number, high: number, end: number): number {
  return end <= WORD ? countBitsBelow(low, end) : countBits(low) + countBitsBelow(high, end - WORD);
}

/** The words of a set of numbers from 0 to 59. */
export function words(values: readonly number[]): readonly [low: number, high: number] {
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (value < WORD) low |= 1 << value;
    else high |= 1 << (value - WORD);
  }
  return [low, high];
}

/** One word of a set of numbers from 0 to 31. */
export function word(values: readonly number[]): number {
  return values.reduce((bits, value) => bits | (1 << value), 0);
}
