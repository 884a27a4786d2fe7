import { Role } from '@app/platform';

/** Who is asking, as the guard found out. */
export interface Identity {
  /** `setup`: signed in by the one-time link of an installation without users. */
  readonly kind: 'user' | 'token' | 'setup';
  /** User name, or name of the token. */
  readonly name: string;
  readonly role: Role;
  /** Whether the credentials came by cookie, which browsers send by themselves: writes need to prove their origin. */
  readonly byCookie: boolean;
}

/** The name for audit and records: `ann`, `token:ci`. */
export function actorName(identity: Identity): string {
  return identity.kind === 'token' ? `token:${identity.name}` : identity.name;
}

/** The caller as JobControl and the records know him. */
export function actorOf(identity: Identity): { readonly name: string } {
  return { name: actorName(identity) };
}
