import { CoordinationStore, Entry, Transaction, TransactionResult } from '@app/etcd';

/** Does one transaction. Throws what it failed of: StoreUnavailable, LeaseLost, StoreRefused. */
export async function transact(store: CoordinationStore, transaction: Transaction): Promise<TransactionResult> {
  const [settled] = await store.transactAll([transaction]);
  if (!settled?.ok) {
    throw settled?.error ?? new Error('The store settled nothing.');
  }
  return settled.result;
}

/** Every entry under the prefix, page by page at one revision. For few keys only: users, tokens, sessions. */
export async function readAll(store: CoordinationStore, prefix: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let page = await store.range(prefix, { limit: 1000 });
  entries.push(...page.entries);
  while (page.more) {
    page = await store.range(prefix, { limit: 1000, revision: page.revision, after: page.entries.at(-1)?.key });
    entries.push(...page.entries);
  }
  return entries;
}
