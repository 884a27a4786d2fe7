import { CoordinationStore, del, Entry, put, transaction } from '@app/etcd';
import { Clock, hashSecret, newSecret } from '@app/platform';
import { AuthKeys } from './auth-keys.js';
import { readRecord, SessionRecord, sessionRecord } from './records.js';
import { readAll, transact } from './store-calls.js';

/** How long a browser stays signed in: seven days. */
export const SESSION_SECONDS = 7 * 86_400;

/** Sessions kept per user; a script that signs in at every call must not fill the store. */
export const SESSIONS_PER_USER = 100;

/**
 * Signed-in browsers. A session is a plain key with an expiry in its value, not a lease: leases per browser were seen to
 * pile up in etcd (cronsun#170). Every call may throw StoreUnavailable.
 */
export class SessionStore {
  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: AuthKeys,
    private readonly clock: Clock,
  ) {}

  /** Starts a session for a user (undefined: the person of the one-time link) and returns its secret id. */
  async start(user: { name: string; credential: number } | undefined): Promise<string> {
    const secret = newSecret();
    const now = this.clock.now();
    const record: SessionRecord = {
      v: 1,
      ...(user && { user: user.name }),
      credential: user?.credential ?? 0,
      createdAt: now,
      expiresAt: now + SESSION_SECONDS * 1000,
    };
    const key = this.keys.session(hashSecret(secret));
    await transact(this.store, transaction([], [put(key, JSON.stringify(record))]));
    return secret;
  }

  /** undefined where it has ended or expired, or never was. */
  async find(secret: string): Promise<SessionRecord | undefined> {
    const record = readRecord(sessionRecord, await this.store.get(this.keys.session(hashSecret(secret))));
    return record && record.expiresAt > this.clock.now() ? record : undefined;
  }

  /** Safe to repeat. */
  async end(secret: string): Promise<void> {
    const key = this.keys.session(hashSecret(secret));
    await transact(this.store, transaction([], [del(key)]));
  }

  /** Deletes sessions that are over; any master may do it at any time. Returns how many. */
  async sweep(): Promise<number> {
    const entries = await readAll(this.store, this.keys.sessions);
    const over = sessionsOver(entries, this.clock.now());
    for (let at = 0; at < over.length; at += 100) {
      await transact(this.store, transaction([], over.slice(at, at + 100).map(del)));
    }
    return over.length;
  }
}

/** Keys of the sessions that are expired, unreadable, or older than a user's newest hundred. */
function sessionsOver(entries: readonly Entry[], now: number): string[] {
  const read = entries.map((entry) => ({ key: entry.key, record: readRecord(sessionRecord, entry) }));
  const newestFirst = read.sort((left, right) => (right.record?.createdAt ?? 0) - (left.record?.createdAt ?? 0));
  const perUser = new Map<string, number>();
  return newestFirst
    .filter(({ record }) => {
      if (!record || record.expiresAt <= now) {
        return true;
      }
      const rank = (perUser.get(record.user ?? '') ?? 0) + 1;
      perUser.set(record.user ?? '', rank);
      return rank > SESSIONS_PER_USER;
    })
    .map(({ key }) => key);
}
