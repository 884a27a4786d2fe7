import { LeaseLost, StoreUnavailable } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { Compacted, StoreRefused } from '../port/errors.js';
import { CallFailure, GrpcStatus } from './call-failure.js';
import { toStoreError } from './errors.js';

const { UNAVAILABLE, RESOURCE_EXHAUSTED, INVALID_ARGUMENT, NOT_FOUND, OUT_OF_RANGE } = GrpcStatus;

function errorOf(code: number, details: string, wasSent = true): Error {
  return toStoreError('transact', new CallFailure(code, details, wasSent), { lease: '7', revision: 9 });
}

describe('what a failed call to etcd means', () => {
  it.each([
    ['a connection that was never there', UNAVAILABLE, 'No connection established. Last error: ECONNREFUSED', true],
    ['a name that does not resolve', UNAVAILABLE, 'Name resolution failed for target dns:nowhere:2379', true],
    ['a member without a leader', UNAVAILABLE, 'etcdserver: no leader', true],
    ['a member with too much to do', RESOURCE_EXHAUSTED, 'etcdserver: too many requests', true],
    ['a database that is full', RESOURCE_EXHAUSTED, 'etcdserver: mvcc: database space exceeded', true],
    ['a sign-in that has expired', GrpcStatus.UNAUTHENTICATED, 'etcdserver: invalid auth token', true],
    ['a sign-in before users changed', INVALID_ARGUMENT, 'etcdserver: revision of auth store is old', true],
    ['no time left to send it', GrpcStatus.DEADLINE_EXCEEDED, 'no time was left to send it', false],
  ])('%s: it was not done', (_, code, details, wasSent) => {
    const error = errorOf(code, details, wasSent);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ outcome: 'notDone', operation: 'transact' });
  });

  it.each([
    ['a deadline', GrpcStatus.DEADLINE_EXCEEDED, 'Deadline exceeded after 5.000s'],
    ['a connection that broke', UNAVAILABLE, 'read ECONNRESET'],
    ['a connection that was dropped', UNAVAILABLE, 'Connection dropped'],
    ['etcd’s own time-out', UNAVAILABLE, 'etcdserver: request timed out'],
    ['a leader that failed', UNAVAILABLE, 'etcdserver: request timed out, possibly due to previous leader failure'],
    ['a change of the leader', UNAVAILABLE, 'etcdserver: leader changed'],
    ['a server that stopped', UNAVAILABLE, 'etcdserver: server stopped'],
    ['an answer too large for us', RESOURCE_EXHAUSTED, 'Received message larger than max (5000 vs 4000)'],
    ['a call that was cancelled', GrpcStatus.CANCELLED, 'Cancelled on client'],
    ['something never heard of', 2, 'etcdserver: something new'],
    ['an internal error', 13, 'Received RST_STREAM with code 2'],
  ])('%s: it may have been done', (_, code, details) => {
    expect(errorOf(code, details)).toMatchObject({ name: 'StoreUnavailable', outcome: 'unknown' });
  });

  it.each([
    ['too many operations', INVALID_ARGUMENT, 'etcdserver: too many operations in txn request'],
    ['a key twice', INVALID_ARGUMENT, 'etcdserver: duplicate key given in txn request'],
    ['too large a request', INVALID_ARGUMENT, 'etcdserver: request is too large'],
    ['far too large a request', RESOURCE_EXHAUSTED, 'grpc: received message larger than max (3145816 vs 2097152)'],
    ['no permission', GrpcStatus.PERMISSION_DENIED, 'etcdserver: permission denied'],
    ['a revision to come', OUT_OF_RANGE, 'etcdserver: mvcc: required revision is a future revision'],
  ])('%s: it is refused', (_, code, details) => {
    expect(errorOf(code, details)).toBeInstanceOf(StoreRefused);
    expect(errorOf(code, details).message).toContain(details);
  });

  it('names the lease that is gone, and the revision that is compacted', () => {
    const lease = errorOf(NOT_FOUND, 'etcdserver: requested lease not found');
    expect(lease).toBeInstanceOf(LeaseLost);
    expect(lease).toMatchObject({ lease: '7' });
    const compacted = errorOf(OUT_OF_RANGE, 'etcdserver: mvcc: required revision has been compacted');
    expect(compacted).toBeInstanceOf(Compacted);
    expect(compacted).toMatchObject({ revision: 9 });
  });

  it('leaves alone what is not a failed call', () => {
    const bug = new TypeError('x');
    expect(toStoreError('transact', bug)).toBe(bug);
  });
});
