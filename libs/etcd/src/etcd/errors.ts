import { LeaseLost, StoreUnavailable } from '@app/platform';
import { Compacted, StoreRefused } from '../port/errors.js';
import { CallFailure, meaningOf } from './call-failure.js';

/** What a failure is about, where an error of the port names it. */
export interface FailureSubject {
  readonly lease?: string | undefined;
  readonly revision?: number | undefined;
}

/** The port's error for a failed call; anything else is passed through. */
export function toStoreError(operation: string, error: unknown, subject: FailureSubject = {}): Error {
  if (!(error instanceof CallFailure)) return error as Error;
  const meaning = meaningOf(error);
  switch (meaning.kind) {
    case 'refused':
      return new StoreRefused(operation, error.details, error);
    case 'leaseGone':
      return new LeaseLost(subject.lease ?? 'named by the request');
    case 'compacted':
      return new Compacted(subject.revision ?? 0);
    case 'noSpace':
    case 'badToken':
      return new StoreUnavailable(operation, 'notDone', error);
    case 'tooLargeAnswer':
      return new StoreUnavailable(operation, 'unknown', error);
    case 'unavailable':
      return new StoreUnavailable(operation, meaning.outcome, error);
  }
}
