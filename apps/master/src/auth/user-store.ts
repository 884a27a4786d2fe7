import { Compare, CoordinationStore, del, Entry, isAbsent, isAt, put, transaction } from '@app/etcd';
import {
  AlreadyExists,
  Clock,
  Conflict,
  hashPassword,
  InvalidInput,
  NotFound,
  RevisionConflict,
  Role,
} from '@app/platform';
import { AuthKeys } from './auth-keys.js';
import { readRecord, UserRecord, userRecord } from './records.js';
import { readAll, transact } from './store-calls.js';

/** A user and the revision the record was read at. */
export interface StoredUser extends UserRecord {
  readonly revision: number;
}

/** People who may sign in. Every call may throw StoreUnavailable. */
export class UserStore {
  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: AuthKeys,
    private readonly clock: Clock,
  ) {}

  /** undefined where there is no such user; a name that can be none is no error. */
  async find(name: string): Promise<StoredUser | undefined> {
    return isUserName(name) ? stored(await this.store.get(this.keys.user(name))) : undefined;
  }

  /** Ascending by name. */
  async list(): Promise<readonly StoredUser[]> {
    return (await readAll(this.store, this.keys.users)).map(stored).filter((user) => user !== undefined);
  }

  /** Whether anybody has an account yet. */
  async isEmpty(): Promise<boolean> {
    return (await this.store.range(this.keys.users, { limit: 1, keysOnly: true })).entries.length === 0;
  }

  /** Throws InvalidInput (name, password), AlreadyExists. */
  async create(name: string, password: string, role: Role): Promise<StoredUser> {
    if (!isUserName(name)) {
      const message = 'must be 1 to 64 lower-case letters, digits or . _ @ -, starting with a letter or digit';
      throw new InvalidInput([{ path: 'username', message }]);
    }
    const now = this.clock.now();
    const passwordHash = await hashPassword(password);
    const record: UserRecord = { v: 1, name, role, passwordHash, credential: now, createdAt: now, updatedAt: now };
    const key = this.keys.user(name);
    const result = await transact(this.store, transaction([isAbsent(key)], [put(key, JSON.stringify(record))]));
    if (!result.succeeded) {
      throw new AlreadyExists('user', name);
    }
    return { ...record, revision: result.revision };
  }

  /**
   * Changes role, password or both in one go; a new password ends all sessions of the user. Throws NotFound, InvalidInput,
   * RevisionConflict, and Conflict for the last admin who would be none.
   */
  async change(name: string, change: { role?: Role; password?: string }): Promise<StoredUser> {
    const user = await this.mustFind(name);
    const { role = user.role, password } = change;
    const remaining = user.role === 'admin' && role !== 'admin' ? await this.otherAdmin(name) : undefined;
    const fresh = password === undefined ? {} : await newCredential(user, password);
    return this.write(user, { role, ...fresh }, remaining);
  }

  /** Ends the user's sessions as well. Throws NotFound, RevisionConflict, and Conflict for the last admin. */
  async remove(name: string): Promise<void> {
    const user = await this.mustFind(name);
    const remaining = user.role === 'admin' ? await this.otherAdmin(name) : undefined;
    const compare = [user, ...(remaining ? [remaining] : [])].map((each) => this.unchanged(each));
    const result = await transact(this.store, transaction(compare, [del(this.keys.user(name))]));
    if (!result.succeeded) {
      throw new RevisionConflict('user', name, String(user.revision), 'a later one');
    }
  }

  private async write(user: StoredUser, change: Partial<UserRecord>, remaining?: StoredUser): Promise<StoredUser> {
    const { revision, ...before } = user;
    const record: UserRecord = { ...before, ...change, updatedAt: this.clock.now() };
    const compare = [user, ...(remaining ? [remaining] : [])].map((each) => this.unchanged(each));
    const written = put(this.keys.user(user.name), JSON.stringify(record));
    const result = await transact(this.store, transaction(compare, [written]));
    if (!result.succeeded) {
      throw new RevisionConflict('user', user.name, String(revision), 'a later one');
    }
    return { ...record, revision: result.revision };
  }

  /** Compared in the transaction as well, so that two admins cannot take each other's place away at once. */
  private async otherAdmin(name: string): Promise<StoredUser> {
    const other = (await this.list()).find((user) => user.role === 'admin' && user.name !== name);
    if (!other) {
      throw new Conflict(`"${name}" is the last admin; make another user admin first.`);
    }
    return other;
  }

  private unchanged(user: StoredUser): Compare {
    return isAt(this.keys.user(user.name), user.revision);
  }

  private async mustFind(name: string): Promise<StoredUser> {
    const user = await this.find(name);
    if (!user) {
      throw new NotFound('user', name);
    }
    return user;
  }
}

async function newCredential(user: UserRecord, password: string): Promise<Partial<UserRecord>> {
  return { passwordHash: await hashPassword(password), credential: user.credential + 1 };
}

/** Lower-case, so that `Admin` and `admin` cannot be two people. */
function isUserName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._@-]{0,63}$/.test(name);
}

function stored(entry: Entry | undefined): StoredUser | undefined {
  const record = readRecord(userRecord, entry);
  return record && entry ? { ...record, revision: entry.modRevision } : undefined;
}
