import { LoginThrottle, verifyPassword } from '@app/platform';
import { TooManyAttempts, Unauthenticated, WrongCredentials } from '../http/http-errors.js';
import { OneTimeLinks } from './one-time-links.js';
import { SessionStore } from './session-store.js';
import { StoredUser, UserStore } from './user-store.js';

/** How people get in and out. */
export class SignIn {
  constructor(
    private readonly users: UserStore,
    private readonly sessions: SessionStore,
    private readonly links: OneTimeLinks,
    private readonly throttle: LoginThrottle,
  ) {}

  /**
   * Starts a session and returns its secret, and whose it is. Throws WrongCredentials, the same and after the same work for an unknown user
   * and a wrong password; TooManyAttempts, before anything is looked at.
   */
  async byPassword(
    username: string,
    password: string,
    address: string,
  ): Promise<{ session: string; user: StoredUser }> {
    const name = username.trim().toLowerCase();
    const user = await this.checked(name, password, address);
    return { session: await this.sessions.start(user), user };
  }

  /** Sets a new password where the current one is right; the user's other sessions end. Returns a new session's secret. */
  async changePassword(name: string, current: string, next: string, address: string): Promise<string> {
    await this.checked(name, current, address);
    return this.sessions.start(await this.users.change(name, { password: next }));
  }

  /** Uses a one-time link up. Throws Unauthenticated where it is used, expired or unknown. */
  async byLink(secret: string): Promise<string> {
    if (!(await this.links.redeem(secret))) {
      throw new Unauthenticated();
    }
    return this.sessions.start(undefined);
  }

  /** Safe to repeat. */
  async out(session: string): Promise<void> {
    await this.sessions.end(session);
  }

  private async checked(name: string, password: string, address: string): Promise<StoredUser> {
    const waitMs = this.throttle.admit(name.slice(0, 64), address);
    if (waitMs > 0) {
      throw new TooManyAttempts(waitMs);
    }
    const user = await this.users.find(name);
    const isRight = await verifyPassword(user?.passwordHash, password);
    if (!user || !isRight) {
      throw new WrongCredentials();
    }
    this.throttle.succeeded(name, address);
    return user;
  }
}
