import { RunQuery } from '../port/history-store.js';
import { comparePositions, LIST_END, LIST_START, Position } from '../record/position.js';
import { Bound } from './history-file.js';

/** The part of a list that is still to be walked, as SQL, and the order it has. */
export interface Span {
  /** On `scheduled_time` and `id`. */
  readonly where: string;
  readonly bounds: readonly Bound[];
  readonly order: 'ASC' | 'DESC';
  /** Negative when `a` stands before `b` in this order. */
  compare(a: Position, b: Position): number;
}

/** The span of a query behind a position; undefined: from its start. */
export function spanOf({ from, to, oldestFirst = false }: RunQuery, after: Position | undefined): Span {
  const least = from === undefined ? LIST_END : { scheduledTime: from, id: '' };
  const most = to === undefined ? LIST_START : { scheduledTime: to, id: '' };
  if (oldestFirst) {
    const compare = (a: Position, b: Position) => comparePositions(b, a);
    const start = later(least, after ?? LIST_END, compare);
    const where = 'scheduled_time < ? AND (scheduled_time, id) > (?, ?)';
    return { where, bounds: [most.scheduledTime, start.scheduledTime, start.id], order: 'ASC', compare };
  }
  const start = later(most, after ?? LIST_START, comparePositions);
  const where = 'scheduled_time >= ? AND (scheduled_time, id) < (?, ?)';
  const bounds = [least.scheduledTime, start.scheduledTime, start.id];
  return { where, bounds, order: 'DESC', compare: comparePositions };
}

function later(a: Position, b: Position, compare: Span['compare']): Position {
  return compare(a, b) > 0 ? a : b;
}
