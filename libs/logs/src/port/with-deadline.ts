import { Clock, StoreUnavailable, within } from '@app/platform';

const LATE = Symbol('late');

/**
 * The answer, or StoreUnavailable (outcome unknown) when it does not come within `deadlineMs`. The call itself goes on;
 * only what is safe to repeat is called so.
 */
export async function withDeadline<T>(
  clock: Clock,
  deadlineMs: number,
  operation: string,
  answer: Promise<T>,
): Promise<T> {
  const outcome = await within(clock, deadlineMs, answer, LATE);
  if (outcome === LATE) throw new StoreUnavailable(operation, 'unknown', `no answer within ${deadlineMs} ms`);
  return outcome as T;
}
