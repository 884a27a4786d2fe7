import { ITxnRequest, ITxnResponse } from 'etcd3';
import { describe, expect, it } from 'vitest';
import { inWords } from '../contract/store-under-test.js';
import { Transaction } from '../port/coordination-store.js';
import { del, put, transaction } from '../port/transaction.js';
import { CallFailure, GrpcStatus } from './call-failure.js';
import { settleTransactions } from './settle-transactions.js';

/** Keys a request puts, nested or not. */
function keysOf(request: ITxnRequest): string[] {
  return (request.success ?? []).flatMap(({ request_put: one, request_txn: nested }) => [
    ...(one?.key ? [one.key.toString()] : []),
    ...(nested ? keysOf(nested) : []),
  ]);
}

function answerTo(request: ITxnRequest): ITxnResponse {
  const answer = {
    header: { revision: '7' },
    succeeded: true,
    responses: (request.success ?? []).map(({ request_txn: nested }) => ({
      response_put: {},
      response_delete_range: { deleted: '1' },
      ...(nested ? { response_txn: answerTo(nested) } : {}),
    })),
  };
  return answer as unknown as ITxnResponse;
}

/** A server that fails every request a condition holds for. */
function server(failure: CallFailure, isBad: (request: ITxnRequest) => boolean) {
  const requests: ITxnRequest[] = [];
  const send = async (request: ITxnRequest): Promise<ITxnResponse> => {
    requests.push(request);
    if (isBad(request)) throw failure;
    return answerTo(request);
  };
  return { requests, send };
}

const refused = new CallFailure(GrpcStatus.INVALID_ARGUMENT, 'etcdserver: no', true);
const sixty: Transaction[] = Array.from({ length: 60 }, (_, index) => transaction([], [put(`/${index}`, 'x')]));

describe('settleTransactions', () => {
  it('halves a refused request until the culprit stands alone', async () => {
    const { requests, send } = server(refused, (request) => keysOf(request).includes('/41'));
    const words = inWords(await settleTransactions(sixty, send));
    expect(words[41]).toBe('StoreRefused');
    expect(words.filter((word) => word === 'done')).toHaveLength(59);
    expect(requests.length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(60)));
  });

  it('finds several culprits, each for itself', async () => {
    const { send } = server(refused, (request) => keysOf(request).some((key) => /0$/.test(key)));
    const words = inWords(await settleTransactions(sixty, send));
    expect(words.flatMap((word, index) => (word === 'StoreRefused' ? [index] : []))).toEqual([0, 10, 20, 30, 40, 50]);
  });

  it('sends nothing twice whose outcome is unknown', async () => {
    const { requests, send } = server(new CallFailure(GrpcStatus.UNAVAILABLE, 'read ECONNRESET', true), () => true);
    const settled = await settleTransactions(sixty, send);
    expect(settled.every((one) => !one.ok && (one.error as { outcome?: string }).outcome === 'unknown')).toBe(true);
    expect(requests).toHaveLength(1);
  });

  it('lets deletes through to a store that has no space for the rest', async () => {
    const noSpace = new CallFailure(GrpcStatus.RESOURCE_EXHAUSTED, 'etcdserver: mvcc: database space exceeded', true);
    const { requests, send } = server(noSpace, (request) => keysOf(request).length > 0);
    const mixed = sixty.map((one, index) => (index % 2 ? one : transaction([], [del(`/${index}`)])));
    const settled = await settleTransactions(mixed, send);
    expect(settled.map((one) => one.ok)).toEqual(mixed.map((_, index) => index % 2 === 0));
    expect(settled[1]).toMatchObject({ error: { name: 'StoreUnavailable', outcome: 'notDone' } });
    expect(requests).toHaveLength(3);
  });

  it('has no more than eight requests on their way at once', async () => {
    let [now, most] = [0, 0];
    const many = Array.from({ length: 3_000 }, (_, index) => transaction([], [put(`/${index}`, 'x')]));
    const settled = await settleTransactions(many, async (request) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      return answerTo(request);
    });
    expect([settled.every((one) => one.ok), most]).toEqual([true, 8]);
  });

  it('lets our own bugs be seen', async () => {
    const bug = new TypeError('x');
    await expect(settleTransactions(sixty, () => Promise.reject(bug))).rejects.toBe(bug);
    await expect(settleTransactions(sixty, async () => answerTo({}))).rejects.toThrow('fewer transactions');
  });
});
