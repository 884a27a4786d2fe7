import { Compare, LeaseId, Operation, Transaction } from './coordination-store.js';

/** If all compares hold then `then`, else `otherwise`. Reads as the protocol is written. */
export function transaction(
  compare: readonly Compare[],
  then: readonly Operation[],
  otherwise: readonly Operation[] = [],
): Transaction {
  return { compare, then, otherwise };
}

/** True while the key was last put at this revision; 0 is true while it is absent. */
export function isAt(key: string, modRevision: number): Compare {
  return { key, field: 'modRevision', equals: modRevision };
}

/** True while the key is the one that came into being at this revision, however often it was put since. */
export function isSince(key: string, createRevision: number): Compare {
  return { key, field: 'createRevision', equals: createRevision };
}

/** True while the key is absent. */
export function isAbsent(key: string): Compare {
  return { key, field: 'createRevision', equals: 0 };
}

/** Puts a key, under a lease if one is given; without one the key loses the lease it had. */
export function put(key: string, value: string | Buffer, lease?: LeaseId): Operation {
  return lease === undefined ? { kind: 'put', key, value } : { kind: 'put', key, value, lease };
}

/** Deletes a key; one that is absent is no error. */
export function del(key: string): Operation {
  return { kind: 'delete', key };
}

/** Reads a key. */
export function read(key: string): Operation {
  return { kind: 'get', key };
}
