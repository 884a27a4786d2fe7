import { FleetcronError } from '@app/platform';

/**
 * The store looked at what it was given and will never take it: too large, not storable. Nothing of the call was kept
 * for certain; asking again with the same is of no use, asking with a part of it may be.
 */
export class HistoryRefused extends FleetcronError {
  readonly code = 'history_refused';

  constructor(
    readonly operation: string,
    cause: unknown,
  ) {
    super(`${operation}: refused: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
