import { FieldError, FleetcronError, InvalidInput } from '@app/platform';

/** What cannot be read as a request at all: bytes that are no UTF-8, JSON that is none, a key given twice. */
export class MalformedRequest extends FleetcronError {
  readonly code = 'malformed_request';
}

/** A parameter of the address is unknown, repeated or out of range. */
export class InvalidQuery extends InvalidInput {
  override readonly code = 'invalid_query';

  constructor(errors: readonly FieldError[]) {
    super(errors);
  }
}

/** The body has more bytes than are taken. */
export class BodyTooLarge extends FleetcronError {
  readonly code = 'body_too_large';

  constructor(readonly limitBytes: number) {
    super(`The body is larger than ${limitBytes} bytes.`);
  }
}

/** The body is of a media type this call does not take. */
export class UnsupportedMediaType extends FleetcronError {
  readonly code = 'unsupported_media_type';

  constructor(
    readonly given: string,
    readonly taken: readonly string[],
  ) {
    super(`A body of type "${given}" is not taken here; send ${taken.join(' or ')}.`);
  }
}

/** No credentials, or none that are good any more. Says the same in every case. */
export class Unauthenticated extends FleetcronError {
  readonly code = 'unauthenticated';

  constructor() {
    super('Sign in, or send a token that is valid as "Authorization: Bearer ...".');
  }
}

/** User name or password is wrong: which of the two is nobody's business. */
export class WrongCredentials extends FleetcronError {
  readonly code = 'wrong_credentials';

  constructor() {
    super('User name or password is wrong.');
  }
}

/** Known, but not allowed to. */
export class Forbidden extends FleetcronError {
  readonly code = 'forbidden';
}

/** A write that carries a cookie came from another site, or cannot show that it did not. */
export class CrossSite extends FleetcronError {
  readonly code = 'cross_site';

  constructor() {
    super(
      'A write with a session cookie must come from this site: send Origin or Sec-Fetch-Site, or the header X-Fleetcron-Request: 1.',
    );
  }
}

/** Slow down; asking again after `retryAfterMs` may succeed. */
export class TooManyAttempts extends FleetcronError {
  readonly code = 'too_many_attempts';

  constructor(readonly retryAfterMs: number) {
    super(`Too many attempts. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`);
  }
}

/** This master has just started and not read yet all that it answers from. Asking again may succeed. */
export class StillListing extends FleetcronError {
  readonly code = 'still_listing';

  constructor() {
    super('This master has just started and is still reading the jobs and runs from etcd. Try again in a moment.');
  }
}

/** A browser opened a page without a session: the filter leads it to the sign-in page and back to `next` afterwards. */
export class SignInFirst extends FleetcronError {
  readonly code = 'unauthenticated';

  constructor(readonly next: string) {
    super('Sign in first.');
  }
}
