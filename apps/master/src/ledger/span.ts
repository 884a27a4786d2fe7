import { InvalidQuery } from '../http/http-errors.js';

const DAY_MS = 86_400_000;

/** Longest span a plan or a ledger answers for: a leap year. */
const MAX_SPAN_MS = 366 * DAY_MS;

/** A half-open stretch of time, epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The span asked for, a day long unless said otherwise. Throws InvalidQuery for one that is empty or too long. */
export function spanOf(query: { from?: number; to?: number }, defaultFrom: number): Span {
  const from = query.from ?? (query.to === undefined ? defaultFrom : query.to - DAY_MS);
  const to = query.to ?? from + DAY_MS;
  if (to <= from) {
    throw new InvalidQuery([{ path: 'to', message: 'must be after from' }]);
  }
  if (to - from > MAX_SPAN_MS) {
    throw new InvalidQuery([{ path: 'to', message: 'must be at most 366 days after from' }]);
  }
  return { from, to };
}
