import { InvariantBroken } from '@app/platform';
import { ITxnRequest, ITxnResponse } from 'etcd3';
import { packRequests } from '../packing/pack-requests.js';
import { whyRefused } from '../packing/request-limits.js';
import { Settled, Transaction } from '../port/coordination-store.js';
import { StoreRefused } from '../port/errors.js';
import { CallFailure, meaningOf } from './call-failure.js';
import { decodeTransaction, encodeTransaction } from './codec.js';
import { toStoreError } from './errors.js';

/** Sends one request within the deadline of the whole. Throws CallFailure. */
export type SendTxn = (request: ITxnRequest) => Promise<ITxnResponse>;

/** So many requests are on their way at once. */
const CONCURRENT_REQUESTS = 8;

/**
 * Settles independent transactions: packed into few requests, several on their way at once. A request that etcd refuses
 * whole is halved until the culprit stands alone. Never rejects, but for our own bugs.
 */
export async function settleTransactions(transactions: readonly Transaction[], send: SendTxn): Promise<Settled[]> {
  const settled: Settled[] = new Array(transactions.length);
  const accepted: Item[] = [];
  for (const [index, transaction] of transactions.entries()) {
    const reason = whyRefused(transaction);
    if (reason === undefined) accepted.push({ transaction, settle: (result) => (settled[index] = result) });
    else settled[index] = { ok: false, error: new StoreRefused('transact', reason) };
  }
  const requests = packRequests(accepted.map((item) => item.transaction));
  const next = requests.values();
  const sendInTurn = async (): Promise<void> => {
    for (const request of next) {
      await settleRequest(
        request.map((position) => accepted[position]!),
        send,
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENT_REQUESTS, requests.length) }, sendInTurn));
  return settled;
}

interface Item {
  readonly transaction: Transaction;
  readonly settle: (settled: Settled) => void;
}

async function settleRequest(items: readonly Item[], send: SendTxn): Promise<void> {
  try {
    const response = await send(encodeRequest(items));
    for (const [index, item] of items.entries())
      item.settle({ ok: true, result: decodeAnswer(items, index, response) });
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    const [first, second] = splitAfter(error, items);
    if (second.length > 0) {
      await Promise.all([settleRequest(first, send), settleRequest(second, send)]);
    } else {
      for (const item of first) item.settle({ ok: false, error: errorOf(error, item.transaction) });
    }
  }
}

/** One transaction goes as it is; several nested in one that has no condition. */
function encodeRequest(items: readonly Item[]): ITxnRequest {
  if (items.length === 1) return encodeTransaction(items[0]!.transaction);
  return { success: items.map(({ transaction }) => ({ request_txn: encodeTransaction(transaction) })) };
}

function decodeAnswer(items: readonly Item[], index: number, response: ITxnResponse) {
  const answer = items.length === 1 ? response : response.responses[index]?.response_txn;
  if (!answer) throw new InvariantBroken('etcd answered fewer transactions than it was sent.');
  return decodeTransaction(items[index]!.transaction, answer, Number(response.header.revision));
}

/** What to send separately after a failure; an empty second part means that the failure is final for all. */
function splitAfter(failure: CallFailure, items: readonly Item[]): [readonly Item[], readonly Item[]] {
  switch (meaningOf(failure).kind) {
    case 'refused':
    case 'leaseGone': {
      const half = Math.ceil(items.length / 2);
      return [items.slice(0, half), items.slice(half)];
    }
    case 'noSpace': {
      // What only reads and deletes is still taken: without it a full etcd could not be emptied.
      const isAdding = ({ transaction }: Item): boolean => addsSomething(transaction);
      const adding = items.filter(isAdding);
      return adding.length === items.length ? [items, []] : [items.filter((item) => !isAdding(item)), adding];
    }
    default:
      return [items, []];
  }
}

function addsSomething({ then, otherwise = [] }: Transaction): boolean {
  return [...then, ...otherwise].some((operation) => operation.kind === 'put');
}

function errorOf(failure: CallFailure, { then, otherwise = [] }: Transaction): Error {
  const leases = [...then, ...otherwise].flatMap((operation) =>
    operation.kind === 'put' && operation.lease !== undefined ? [operation.lease] : [],
  );
  return toStoreError('transact', failure, { lease: leases[0] });
}
