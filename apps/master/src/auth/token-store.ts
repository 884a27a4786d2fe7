import { CoordinationStore, del, put, transaction } from '@app/etcd';
import { Clock, hashSecret, NotFound, newSecret, Role } from '@app/platform';
import { AuthKeys } from './auth-keys.js';
import { readRecord, TokenRecord, tokenRecord } from './records.js';
import { readAll, transact } from './store-calls.js';

/** A token as it may be shown: without its secret. */
export interface ListedToken extends TokenRecord {
  /** First 16 digits of the secret's sha256. */
  readonly id: string;
}

const ID_LENGTH = 16;

/** Tokens for programs. Only the sha256 of a token is kept. Every call may throw StoreUnavailable. */
export class TokenStore {
  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: AuthKeys,
    private readonly clock: Clock,
  ) {}

  /** Makes a token. `secret` is told this once and never again. */
  async create(
    token: { name: string; role: Role; expiresAt?: number },
    createdBy: string,
  ): Promise<{ token: ListedToken; secret: string }> {
    const secret = `fct_${newSecret()}`;
    const hash = hashSecret(secret);
    const record: TokenRecord = { v: 1, ...token, createdBy, createdAt: this.clock.now() };
    await transact(this.store, transaction([], [put(this.keys.token(hash), JSON.stringify(record))]));
    return { token: { ...record, id: hash.slice(0, ID_LENGTH) }, secret };
  }

  /** Newest first, expired ones included. */
  async list(): Promise<readonly ListedToken[]> {
    const tokens = (await readAll(this.store, this.keys.tokens)).flatMap((entry) => {
      const record = readRecord(tokenRecord, entry);
      const id = entry.key.slice(this.keys.tokens.length, this.keys.tokens.length + ID_LENGTH);
      return record ? [{ ...record, id }] : [];
    });
    return tokens.sort((left, right) => right.createdAt - left.createdAt);
  }

  /** The token with this secret; undefined where it is unknown, revoked or expired. Read from the store each time. */
  async find(secret: string): Promise<ListedToken | undefined> {
    const hash = hashSecret(secret);
    const record = readRecord(tokenRecord, await this.store.get(this.keys.token(hash)));
    const isOver = record?.expiresAt !== undefined && record.expiresAt <= this.clock.now();
    return record && !isOver ? { ...record, id: hash.slice(0, ID_LENGTH) } : undefined;
  }

  /** From now on the token is unknown. Throws NotFound. */
  async revoke(id: string): Promise<void> {
    const isId = /^[0-9a-f]{16}$/.test(id);
    const page = isId ? await this.store.range(this.keys.tokens + id, { limit: 1, keysOnly: true }) : undefined;
    const entry = page?.entries[0];
    if (!entry) {
      throw new NotFound('token', id);
    }
    await transact(this.store, transaction([], [del(entry.key)]));
  }
}
