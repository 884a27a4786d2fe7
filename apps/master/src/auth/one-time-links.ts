import { CoordinationStore } from '@app/etcd';
import { Clock, hashSecret, newSecret } from '@app/platform';
import { AuthKeys } from './auth-keys.js';
import { linkRecord, readRecord } from './records.js';
import { transact } from './store-calls.js';

/** How long a link may wait to be opened. */
export const LINK_SECONDS = 15 * 60;

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
    await transact(this.store, {
      compare: [],
      then: [
        ...earlier.entries.map(({ key }) => ({ kind: 'delete', key }) as const),
        { kind: 'put', key: this.keys.link(hashSecret(secret)), value: JSON.stringify(record) },
      ],
    });
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
    const result = await transact(this.store, {
      compare: [{ key, field: 'modRevision', equals: entry.modRevision }],
      then: [{ kind: 'delete', key }],
    });
    return result.succeeded && record.expiresAt > this.clock.now();
  }
}
