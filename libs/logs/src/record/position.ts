import { InvalidInput } from '@app/platform';

/** A place in the one order all lists of runs have: newest scheduled time first, then id descending (by UTF-8 bytes). */
export interface Position {
  readonly scheduledTime: number;
  readonly id: string;
}

/** Before everything: no run is scheduled so late. */
export const LIST_START: Position = { scheduledTime: Number.MAX_SAFE_INTEGER, id: '' };

/** Behind everything: no run is scheduled so early, and every id is longer. */
export const LIST_END: Position = { scheduledTime: Number.MIN_SAFE_INTEGER, id: '' };

/** Negative when `a` stands before `b` in a list, that is, when it is newer. */
export function comparePositions(a: Position, b: Position): number {
  if (a.scheduledTime !== b.scheduledTime) return b.scheduledTime - a.scheduledTime;
  return a.id === b.id ? 0 : Buffer.compare(Buffer.from(b.id), Buffer.from(a.id));
}

/** Opaque text for a position; a list goes on after it. */
export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify([position.scheduledTime, position.id])).toString('base64url');
}

/** Reads what `encodeCursor` wrote. Throws InvalidInput for anything else. */
export function decodeCursor(cursor: string): Position {
  const position = cursor.length <= 1_000 ? parse(cursor) : undefined;
  if (position === undefined || encodeCursor(position) !== cursor) {
    throw new InvalidInput([{ path: 'cursor', message: 'is not a cursor this list gave out' }]);
  }
  return position;
}

/** Throws InvalidInput unless `limit` is a whole number from 1 to `max`. */
export function checkLimit(limit: number, max: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= max) return;
  throw new InvalidInput([{ path: 'limit', message: `must be a whole number from 1 to ${max}` }]);
}

function parse(cursor: string): Position | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const [scheduledTime, id] = value as unknown[];
    if (!Number.isSafeInteger(scheduledTime) || typeof id !== 'string') return undefined;
    return { scheduledTime: scheduledTime as number, id };
  } catch {
    return undefined;
  }
}
