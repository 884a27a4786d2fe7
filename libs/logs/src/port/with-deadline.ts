import { Clock, StoreUnavailable } from '@app/platform';

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
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.timer(deadlineMs, () => {
      reject(new StoreUnavailable(operation, 'unknown', `no answer within ${deadlineMs} ms`));
    });
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    cancel();
  }
}
