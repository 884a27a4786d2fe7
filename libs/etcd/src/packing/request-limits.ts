import { Operation, Transaction } from '../port/coordination-store.js';

/** etcd's `--max-txn-ops`: counts the outer transaction plus its largest nested one, as compares or as one branch. */
export const MAX_OPERATIONS = 128;

/** Requests are filled up to here, bytes: below etcd's `--max-request-bytes` (1.5 MiB) with room for the encoding. */
export const FILL_BYTES = 1024 * 1024;

/** A single transaction above this many bytes is refused: etcd's `--max-request-bytes` less the encoding. */
export const MAX_TRANSACTION_BYTES = 1536 * 1024 - 16 * 1024;

/** What the encoding adds per compare or operation, bytes, generously. */
const ENCODING_BYTES = 32;

/** What a transaction counts for in etcd's limit of operations. */
export function weightOf({ compare, then, otherwise }: Transaction): number {
  return Math.max(compare.length, then.length, otherwise?.length ?? 0);
}

/** About how many bytes a transaction takes in a request; never less than it does. */
export function bytesOf({ compare, then, otherwise = [] }: Transaction): number {
  let bytes = ENCODING_BYTES;
  for (const { key } of compare) bytes += ENCODING_BYTES + Buffer.byteLength(key);
  for (const operation of then) bytes += bytesOfOperation(operation);
  for (const operation of otherwise) bytes += bytesOfOperation(operation);
  return bytes;
}

/** The keys a transaction may put or delete, in either branch. */
export function writtenKeys({ then, otherwise = [] }: Transaction): string[] {
  const keys: string[] = [];
  for (const operation of then) if (operation.kind !== 'get') keys.push(operation.key);
  for (const operation of otherwise) if (operation.kind !== 'get') keys.push(operation.key);
  return keys;
}

/** Why no store will ever take this transaction, in a clause; undefined when nothing is wrong with it. */
export function whyRefused(transaction: Transaction): string | undefined {
  if (weightOf(transaction) > MAX_OPERATIONS) return `more than ${MAX_OPERATIONS} operations`;
  if (bytesOf(transaction) > MAX_TRANSACTION_BYTES) return `more than ${MAX_TRANSACTION_BYTES} bytes`;
  return whyBranchRefused(transaction.then) ?? whyBranchRefused(transaction.otherwise ?? []);
}

function whyBranchRefused(operations: readonly Operation[]): string | undefined {
  const written = new Map<string, Operation['kind']>();
  for (const { kind, key } of operations) {
    if (key === '') return 'an empty key';
    if (kind === 'get') continue;
    const earlier = written.get(key);
    // etcd lets a key be deleted twice, and nothing else.
    if (earlier !== undefined && (earlier === 'put' || kind === 'put')) return `key "${key}" written twice`;
    written.set(key, kind);
  }
  return undefined;
}

function bytesOfOperation(operation: Operation): number {
  const keyBytes = ENCODING_BYTES + Buffer.byteLength(operation.key);
  return operation.kind === 'put' ? keyBytes + Buffer.byteLength(operation.value as string) : keyBytes;
}
