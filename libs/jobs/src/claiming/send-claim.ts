import type { Transaction, TransactionResult } from '@app/etcd';
import { type Courier, NotDelivered } from './courier.js';

/**
 * Sends a claim, reads what came back, and tells `answered`: undefined where the store does not take the claim. Throws
 * NotDelivered, told or, once `stopping` is aborted, not.
 */
export async function sendClaim<Said>(
  courier: Courier,
  transaction: Transaction,
  read: (result: TransactionResult) => Said,
  stopping: AbortSignal,
  answered: (answer: Said | undefined) => void,
): Promise<Said> {
  try {
    const answer = read(await courier.send(transaction, stopping, 'claims'));
    answered(answer);
    return answer;
  } catch (error) {
    if (error instanceof NotDelivered && !stopping.aborted) answered(undefined);
    throw error;
  }
}
