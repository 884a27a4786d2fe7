import { isUtf8 } from 'node:buffer';
import { ICompare, IKeyValue, IRequestOp, IResponseOp, ITxnRequest, ITxnResponse } from 'etcd3';
import {
  Compare,
  Entry,
  Operation,
  OperationResult,
  Transaction,
  TransactionResult,
} from '../port/coordination-store.js';

/** A transaction as etcd wants it. */
export function encodeTransaction({ compare, then, otherwise = [] }: Transaction): ITxnRequest {
  return {
    compare: compare.map(encodeCompare),
    success: then.map(encodeOperation),
    failure: otherwise.map(encodeOperation),
  };
}

/** What etcd answered to a transaction, given its request. `revision` is that of the whole request. */
export function decodeTransaction(
  { then, otherwise = [] }: Transaction,
  response: ITxnResponse,
  revision: number,
): TransactionResult {
  const { succeeded } = response;
  const operations = succeeded ? then : otherwise;
  const results = operations.map((operation, index) => decodeResult(operation, response.responses[index]!));
  return { succeeded, revision, results };
}

/** A key with its value, as the port has it. Keys that are not UTF-8 cannot be named by it: see `isNameable`. */
export function decodeEntry(kv: IKeyValue): Entry {
  return {
    key: kv.key.toString(),
    value: kv.value,
    createRevision: Number(kv.create_revision),
    modRevision: Number(kv.mod_revision),
    ...(kv.lease === '0' ? {} : { lease: kv.lease }),
  };
}

/** Whether a key is text. Another client may have put any bytes. */
export function isNameable(kv: IKeyValue): boolean {
  return isUtf8(kv.key);
}

/** The range that holds every key with this prefix: from the prefix to its successor, `\0` standing for the end of all. */
export function prefixRange(prefix: string): { key: Buffer; range_end: Buffer } {
  const key = Buffer.from(prefix);
  const end = Buffer.from(key);
  for (let index = end.length - 1; index >= 0; index--) {
    if (end[index]! < 0xff) {
      end[index] = end[index]! + 1;
      return { key, range_end: end.subarray(0, index + 1) };
    }
  }
  return { key: key.length === 0 ? Buffer.from([0]) : key, range_end: Buffer.from([0]) };
}

/** The first key after this one. */
export function keyAfter(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.from([0])]);
}

function encodeCompare({ key, field, equals }: Compare): ICompare {
  return field === 'modRevision'
    ? { key: Buffer.from(key), result: 'Equal', target: 'Mod', mod_revision: equals }
    : { key: Buffer.from(key), result: 'Equal', target: 'Create', create_revision: equals };
}

function encodeOperation(operation: Operation): IRequestOp {
  const key = Buffer.from(operation.key);
  switch (operation.kind) {
    case 'get':
      return { request_range: { key } };
    case 'delete':
      return { request_delete_range: { key } };
    case 'put':
      return { request_put: { key, value: Buffer.from(operation.value as string), lease: operation.lease ?? 0 } };
  }
}

function decodeResult(operation: Operation, response: IResponseOp): OperationResult {
  switch (operation.kind) {
    case 'put':
      return { kind: 'put' };
    case 'delete':
      return { kind: 'delete', deleted: Number(response.response_delete_range.deleted) };
    case 'get': {
      const [kv] = response.response_range.kvs;
      return { kind: 'get', entry: kv && decodeEntry(kv) };
    }
  }
}
