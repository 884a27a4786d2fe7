/** What the outside world can act on: a stable code, a sentence, and the facts as fields of the subclass. */
export abstract class FleetcronError extends Error {
  /** Stable, machine-readable; part of the HTTP surface. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One thing wrong with an input: where (`cronExpr`, `retry.limit`) and why, in a sentence. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The input breaks a rule. Carries every field that is wrong, never just the first. */
export class InvalidInput extends FleetcronError {
  readonly code: string = 'invalid_input';

  constructor(
    readonly errors: readonly FieldError[],
    message = errors.map((error) => (error.path ? `${error.path}: ${error.message}` : error.message)).join('; '),
  ) {
    super(message);
  }
}

/** Nothing of that name or id. */
export class NotFound extends FleetcronError {
  readonly code = 'not_found';

  constructor(
    readonly kind: string,
    readonly id: string,
  ) {
    super(`There is no ${kind} "${id}".`);
  }
}

/** Something of that name is there already. */
export class AlreadyExists extends FleetcronError {
  readonly code = 'already_exists';

  constructor(
    readonly kind: string,
    readonly id: string,
  ) {
    super(`There is already a ${kind} "${id}".`);
  }
}

/** Someone else changed it since it was read. */
export class RevisionConflict extends FleetcronError {
  readonly code = 'revision_conflict';

  constructor(
    readonly kind: string,
    readonly id: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`The ${kind} "${id}" was changed meanwhile: you hold revision ${expected}, it is at ${actual}.`);
  }
}

/** The thing is there, but what was asked does not fit its state. */
export class Conflict extends FleetcronError {
  readonly code: string = 'conflict';
}

/**
 * A store did not do what was asked. `notDone`: certainly not done. `unknown`: the answer never came, so it may have
 * been done; ask again only where asking again is safe.
 */
export class StoreUnavailable extends FleetcronError {
  readonly code = 'store_unavailable';

  constructor(
    readonly operation: string,
    readonly outcome: 'notDone' | 'unknown',
    cause?: unknown,
  ) {
    const why = cause instanceof Error ? cause.message : cause === undefined ? 'no answer' : String(cause);
    super(`${operation}: ${why} (${outcome === 'unknown' ? 'may have been done' : 'not done'})`, { cause });
  }
}

/** The lease is gone: expired, revoked or never there. All work under it must stop. */
export class LeaseLost extends FleetcronError {
  readonly code = 'lease_lost';

  constructor(readonly lease: string) {
    super(`Lease ${lease} is gone.`);
  }
}

/** Our own bug. Never caught to go on. */
export class InvariantBroken extends FleetcronError {
  readonly code = 'invariant_broken';
}

/**
 * Whether what a store answered may be otherwise next time: it is away, or refuses for now (a password that was changed,
 * a right that is missing). Anything else is our own bug and must be seen.
 */
export function mayPass(error: unknown): error is FleetcronError {
  return error instanceof FleetcronError && !(error instanceof InvariantBroken);
}
