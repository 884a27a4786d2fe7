/** gRPC status codes we tell apart (https://grpc.io/docs/guides/status-codes). */
export const GrpcStatus = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  OUT_OF_RANGE: 11,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** A call to etcd that did not end well, as gRPC tells it. */
export class CallFailure extends Error {
  constructor(
    /** gRPC status code. */
    readonly code: number,
    /** What the server, or the transport, says. */
    readonly details: string,
    /** Whether the request may have left this process. */
    readonly wasSent: boolean,
  ) {
    super(details);
  }
}

/**
 * What a failure means to the caller.
 *
 * - `refused`: the request as it is will never be taken; not done.
 * - `leaseGone`: it names a lease that is not there; not done.
 * - `noSpace`: the database is over its quota, so nothing that adds is taken; not done.
 * - `compacted`: the revision asked for is no longer readable.
 * - `badToken`: the sign-in has expired; not done.
 * - `tooLargeAnswer`: it was done, but the answer was larger than we take.
 * - `unavailable`: nobody answered in time; `outcome` tells whether it may have been done.
 */
export type Meaning =
  | { readonly kind: 'refused' | 'leaseGone' | 'noSpace' | 'compacted' | 'badToken' | 'tooLargeAnswer' }
  | { readonly kind: 'unavailable'; readonly outcome: 'notDone' | 'unknown' };

/** Texts of grpc-js for a call that found no connection, and so was never sent. */
const NEVER_SENT = /^(No connection established|Name resolution failed|Channel closed before call started)/;

/** Texts of etcd (`rpctypes/error.go`) for what was turned away before it was proposed. */
const TURNED_AWAY = /no leader|too many requests|not capable|rpc not supported for learner/;

/** Somebody changed users or roles after the sign-in. */
const OLD_TOKEN = /revision of auth store is old/;

/**
 * Says what a failure means. When in doubt it may have been done: a deadline, a broken connection, etcd's own time-out
 * and a change of its leader all leave it open.
 */
export function meaningOf({ code, details, wasSent }: CallFailure): Meaning {
  if (!wasSent) return { kind: 'unavailable', outcome: 'notDone' };
  switch (code) {
    case GrpcStatus.INVALID_ARGUMENT:
      return { kind: OLD_TOKEN.test(details) ? 'badToken' : 'refused' };
    case GrpcStatus.PERMISSION_DENIED:
      return { kind: 'refused' };
    case GrpcStatus.FAILED_PRECONDITION:
      return /lease/.test(details) ? { kind: 'leaseGone' } : { kind: 'refused' };
    case GrpcStatus.NOT_FOUND:
      return { kind: 'leaseGone' };
    case GrpcStatus.OUT_OF_RANGE:
      return /compacted/.test(details) ? { kind: 'compacted' } : { kind: 'refused' };
    case GrpcStatus.UNAUTHENTICATED:
      return { kind: 'badToken' };
    case GrpcStatus.RESOURCE_EXHAUSTED:
      return exhausted(details);
    case GrpcStatus.UNAVAILABLE:
      return { kind: 'unavailable', outcome: isTurnedAway(details) ? 'notDone' : 'unknown' };
    default:
      return { kind: 'unavailable', outcome: 'unknown' };
  }
}

function exhausted(details: string): Meaning {
  if (/space exceeded/.test(details)) return { kind: 'noSpace' };
  // "grpc: received message larger than max" is the server's word about our request, "Received message larger than max"
  // grpc-js's word about its answer.
  if (/^grpc: received message larger/.test(details)) return { kind: 'refused' };
  if (/message larger than max/i.test(details)) return { kind: 'tooLargeAnswer' };
  return { kind: 'unavailable', outcome: isTurnedAway(details) ? 'notDone' : 'unknown' };
}

function isTurnedAway(details: string): boolean {
  return NEVER_SENT.test(details) || TURNED_AWAY.test(details);
}
