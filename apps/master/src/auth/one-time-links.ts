import { CoordinationStore, del, isAt, put, transaction } from '@app/etcd';
import { Clock, hashSecret, newSecret } from '@app/platform';
import { AuthKeys } from './auth-keys.js';
import { linkRecord, readRecord } from './records.js';
import { transact } from './store-calls.js';

/** How long a link may wait to be opened. */
const LINK_SECONDS = 15 * 60;

/** One-time sign-in links, for an installation that has no user yet. Every call may throw StoreUnavailable. */
export class OneTimeLinks {
  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: AuthKeys,
    private readonly clock: Clock,
  ) {}

  /** A new link's secret. Those made before stop working. */
  async issue(): Promise<string> {
    const secret = newSecret();
    const earlier = await this.store.range(this.keys.links, { keysOnly: true, limit: 100 });
    const record = { v: 1, expiresAt: this.clock.now() + LINK_SECONDS * 1000 };
    const ended = earlier.entries.map(({ key }) => del(key));
    const made = put(this.keys.link(hashSecret(secret)), JSON.stringify(record));
    await transact(this.store, transaction([], [...ended, made]));
    return secret;
  }

  /** True exactly once per link, while it is in time: of two who open it at once, one. */
  async redeem(secret: string): Promise<boolean> {
    const key = this.keys.link(hashSecret(secret));
    const entry = await this.store.get(key);
    const record = readRecord(linkRecord, entry);
    if (!entry || !record) {
      return false;
    }
    const result = await transact(this.store, transaction([isAt(key, entry.modRevision)], [del(key)]));
    return result.succeeded && record.expiresAt > this.clock.now();
  }
}
