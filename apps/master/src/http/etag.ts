import { FieldError, InvalidInput } from '@app/platform';

/** The entity tag of a revision, as it stands in `ETag`. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/**
 * The revision an `If-Match` header asks for; undefined when there is none. Throws InvalidInput for anything
 * that is not one entity tag of ours: guessing here would let a stale edit through.
 */
export function revisionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) {
    return undefined;
  }
  const digits = /^"(\d{1,15})"$/.exec(ifMatch.trim())?.[1];
  if (digits === undefined) {
    const error: FieldError = { path: 'If-Match', message: 'must be the ETag of the job as it was read, like "1234"' };
    throw new InvalidInput([error]);
  }
  return Number(digits);
}
