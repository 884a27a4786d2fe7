import { IncomingHttpHeaders } from 'node:http';
import { secretsEqual } from '@app/platform';
import { parseCookies } from '../http/cookies.js';
import { Identity } from './identity.js';
import { SessionStore } from './session-store.js';
import { TokenStore } from './token-store.js';
import { UserStore } from './user-store.js';

/** Name of the session cookie. */
export const SESSION_COOKIE = 'fleetcron_session';

/**
 * Tells who sent a request. Reads the store each time, so that what was revoked or ended is unknown at once on every
 * master. A bearer token counts before a cookie; a wrong one is not made good by a right cookie.
 */
export class Authenticator {
  constructor(
    private readonly users: UserStore,
    private readonly tokens: TokenStore,
    private readonly sessions: SessionStore,
    /** From the configuration; undefined: none. */
    private readonly bootstrapToken: string | undefined,
  ) {}

  /** undefined for a request without credentials that hold. Throws StoreUnavailable. */
  async identify(headers: IncomingHttpHeaders): Promise<Identity | undefined> {
    if (headers.authorization !== undefined) {
      const token = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(headers.authorization)?.[1];
      return token === undefined ? undefined : this.byToken(token);
    }
    const session = parseCookies(headers.cookie).get(SESSION_COOKIE);
    return session === undefined ? undefined : this.bySession(session);
  }

  private async byToken(secret: string): Promise<Identity | undefined> {
    if (this.bootstrapToken !== undefined && secretsEqual(secret, this.bootstrapToken)) {
      return { kind: 'token', name: 'bootstrap', role: 'admin', byCookie: false };
    }
    const token = await this.tokens.find(secret);
    return token && { kind: 'token', name: token.name, role: token.role, byCookie: false };
  }

  private async bySession(secret: string): Promise<Identity | undefined> {
    const session = await this.sessions.find(secret);
    if (!session) {
      return undefined;
    }
    if (session.user === undefined) {
      return { kind: 'setup', name: 'setup', role: 'admin', byCookie: true };
    }
    const user = await this.users.find(session.user);
    return user?.credential === session.credential
      ? { kind: 'user', name: user.name, role: user.role, byCookie: true }
      : undefined;
  }
}

/** The session secret in a request's cookies, if any. */
export function sessionOf(headers: IncomingHttpHeaders): string | undefined {
  return parseCookies(headers.cookie).get(SESSION_COOKIE);
}
