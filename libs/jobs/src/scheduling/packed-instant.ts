/** An instant as it takes least memory: compare it with nothing but another, and only for being the same. */
export type Packed = number & { readonly packed: unique symbol };

/**
 * V8 holds a whole number below 2^31 where it stands, and any other in an object of its own: so an instant of epoch
 * milliseconds costs 16 bytes beside its 8. Whole seconds of this epoch are small, up to the year 2054, and below zero to be
 * told from milliseconds.
 */
const EPOCH = Date.UTC(2020, 0);
const SMALL = 2 ** 30;

/** Whether it can be packed at all: not before 1970. */
export function isPackable(instant: number): boolean {
  return instant >= 0;
}

/** Packs an instant, epoch milliseconds; `isPackable` must hold. */
export function pack(instant: number): Packed {
  const seconds = (instant - EPOCH) / 1000;
  const isSmall = seconds >= 0 && seconds < SMALL && Number.isInteger(seconds);
  return (isSmall ? ~seconds : instant) as Packed;
}

/** The instant that was packed, epoch milliseconds. */
export function instantOf(packed: Packed): number {
  return packed < 0 ? EPOCH + ~packed * 1000 : packed;
}
