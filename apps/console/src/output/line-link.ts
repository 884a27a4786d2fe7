/** One line, or several from one to another, both inclusive; numbers count from 1. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Reads `#L120` or `#L120-L130`; undefined where the hash names no line. */
export function rangeOfHash(hash: string): LineRange | undefined {
  const found = /^#L(\d{1,9})(?:-L(\d{1,9}))?$/.exec(hash);
  if (!found) return undefined;
  const [first, second] = [Number(found[1]), Number(found[2] ?? found[1])];
  const range = { from: Math.min(first, second), to: Math.max(first, second) };
  return range.from >= 1 ? range : undefined;
}

/** `#L120`, `#L120-L130`. */
export function hashOfRange({ from, to }: LineRange): string {
  return from === to ? `#L${from}` : `#L${from}-L${to}`;
}

/** What is selected after a click on a line: that line, or with shift everything from the one selected first. */
export function clickedRange(before: LineRange | undefined, number: number, isShift: boolean): LineRange {
  return isShift && before
    ? { from: Math.min(before.from, number), to: Math.max(before.from, number) }
    : { from: number, to: number };
}
