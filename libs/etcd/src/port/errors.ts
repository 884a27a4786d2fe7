import { FleetcronError } from '@app/platform';

/** The revision asked for is no longer readable. List anew. */
export class Compacted extends FleetcronError {
  readonly code = 'compacted';

  constructor(readonly revision: number) {
    super(`Revision ${revision} is compacted.`);
  }
}

/**
 * The store will never take this request as it is (too large, a key put twice, not permitted). It was not done. A store
 * that has no space left is StoreUnavailable with `notDone`: it may take the same request later.
 */
export class StoreRefused extends FleetcronError {
  readonly code = 'store_refused';

  constructor(
    readonly operation: string,
    readonly reason: string,
    cause?: unknown,
  ) {
    super(`${operation} refused: ${reason}`, { cause });
  }
}
