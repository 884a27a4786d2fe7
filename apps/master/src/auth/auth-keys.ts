/**
 * Where accounts and credentials stand in the store, under `PREFIX/auth/`. Secrets are part of a key or value only as
 * their sha256, so that reading the store lets nobody in.
 */
export class AuthKeys {
  readonly users: string;
  readonly tokens: string;
  readonly sessions: string;
  readonly links: string;

  /** `prefix` is the tenant's, like `/cron`. */
  constructor(prefix: string) {
    this.users = `${prefix}/auth/users/`;
    this.tokens = `${prefix}/auth/tokens/`;
    this.sessions = `${prefix}/auth/sessions/`;
    this.links = `${prefix}/auth/links/`;
  }

  user(name: string): string {
    return this.users + name;
  }

  /** `hash`: sha256 of the token; its first 16 digits are the token's id. */
  token(hash: string): string {
    return this.tokens + hash;
  }

  session(hash: string): string {
    return this.sessions + hash;
  }

  link(hash: string): string {
    return this.links + hash;
  }
}
