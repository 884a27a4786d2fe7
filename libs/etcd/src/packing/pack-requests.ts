import { Transaction } from '../port/coordination-store.js';
import { bytesOf, FILL_BYTES, MAX_OPERATIONS, weightOf, writtenKeys } from './request-limits.js';

/**
 * Distributes independent transactions over as few requests as etcd's limits allow, keeping their order: within 128
 * operations and 1 MiB, and no key written by two of one request (etcd would refuse the whole request). A transaction
 * too large to share a request gets its own.
 *
 * Gives back indexes into `transactions`, each exactly once.
 */
export function packRequests(transactions: readonly Transaction[]): number[][] {
  if (transactions.length < 2) return transactions.map((_, index) => [index]);
  const requests: number[][] = [];
  let open: OpenRequest | undefined;
  for (const [index, transaction] of transactions.entries()) {
    const item: Item = {
      index,
      weight: weightOf(transaction),
      bytes: bytesOf(transaction),
      keys: writtenKeys(transaction),
    };
    if (!open || !fits(open, item)) {
      open = { indexes: [], weight: 0, bytes: 0, keys: new Set() };
      requests.push(open.indexes);
    }
    put(open, item);
  }
  return requests;
}

interface Item {
  readonly index: number;
  readonly weight: number;
  readonly bytes: number;
  readonly keys: readonly string[];
}

interface OpenRequest {
  readonly indexes: number[];
  /** Largest of its transactions. */
  weight: number;
  bytes: number;
  readonly keys: Set<string>;
}

function fits(request: OpenRequest, item: Item): boolean {
  const operations = request.indexes.length + 1 + Math.max(request.weight, item.weight);
  if (operations > MAX_OPERATIONS || request.bytes + item.bytes > FILL_BYTES) return false;
  return !item.keys.some((key) => request.keys.has(key));
}

function put(request: OpenRequest, item: Item): void {
  request.indexes.push(item.index);
  request.weight = Math.max(request.weight, item.weight);
  request.bytes += item.bytes;
  for (const key of item.keys) request.keys.add(key);
}
