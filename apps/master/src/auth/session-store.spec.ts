import { MemoryStore } from '@app/etcd';
import { ManualClock, silentLog } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { AuthHousekeeping } from './auth-housekeeping.js';
import { AuthKeys } from './auth-keys.js';
import { OneTimeLinks } from './one-time-links.js';
import { SESSION_SECONDS, SESSIONS_PER_USER, SessionStore } from './session-store.js';
import { UserStore } from './user-store.js';

function rooms() {
  const clock = new ManualClock();
  const store = new MemoryStore(clock);
  const keys = new AuthKeys('/cron');
  const users = new UserStore(store, keys, clock);
  const sessions = new SessionStore(store, keys, clock);
  const links = new OneTimeLinks(store, keys, clock);
  const count = async (): Promise<number> => (await store.range(keys.sessions)).entries.length;
  return { clock, store, keys, users, sessions, links, count };
}

describe('sessions', () => {
  it('are swept when they are over, and only then', async () => {
    const { clock, sessions, count } = rooms();
    await sessions.start({ name: 'ann', credential: 1 });
    clock.advance((SESSION_SECONDS - 10) * 1000);
    const young = await sessions.start({ name: 'ann', credential: 1 });
    expect(await sessions.sweep()).toBe(0);
    clock.advance(10_000);
    expect(await sessions.sweep()).toBe(1);
    expect(await count()).toBe(1);
    expect(await sessions.find(young)).toMatchObject({ user: 'ann' });
  });

  it('of one user do not pile up, nor take the room of others', async () => {
    const { clock, sessions, count } = rooms();
    const other = await sessions.start({ name: 'bob', credential: 1 });
    for (let i = 0; i < SESSIONS_PER_USER + 20; i += 1) {
      clock.advance(1);
      await sessions.start({ name: 'ann', credential: 1 });
    }
    expect(await sessions.sweep()).toBe(20);
    expect(await count()).toBe(SESSIONS_PER_USER + 1);
    expect(await sessions.find(other)).toBeDefined();
  });

  it('hold no lease', async () => {
    const { store, sessions } = rooms();
    await sessions.start({ name: 'ann', credential: 1 });
    const { entries } = await store.range('/cron/auth/sessions/');
    expect(entries[0]?.lease).toBeUndefined();
  });
});

describe('a one-time link', () => {
  it('lets one of two in who open it at once', async () => {
    const { links } = rooms();
    const secret = await links.issue();
    const opened = await Promise.all([links.redeem(secret), links.redeem(secret)]);
    expect(opened.filter(Boolean)).toHaveLength(1);
  });

  it('ends with the next one', async () => {
    const { links } = rooms();
    const first = await links.issue();
    const second = await links.issue();
    expect(await links.redeem(first)).toBe(false);
    expect(await links.redeem(second)).toBe(true);
  });
});

describe('housekeeping', () => {
  it('makes the first admin once, however many masters start', async () => {
    const { clock, users, sessions, links } = rooms();
    const options = { adminPassword: 'the first admin' };
    const masters = [1, 2, 3].map(() => new AuthHousekeeping(users, sessions, links, clock, silentLog, options));
    await Promise.all(masters.map((master) => master.start()));
    expect((await users.list()).map((user) => [user.name, user.role])).toEqual([['admin', 'admin']]);
    for (const master of masters) master.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves users alone who are there', async () => {
    const { clock, users, sessions, links } = rooms();
    await users.create('ann', 'correct horse', 'admin');
    const announced: string[] = [];
    const options = { adminPassword: 'the first admin', announceLink: (path: string) => announced.push(path) };
    const master = new AuthHousekeeping(users, sessions, links, clock, silentLog, options);
    await master.start();
    master.stop();
    expect((await users.list()).map((user) => user.name)).toEqual(['ann']);
    expect(announced).toEqual([]);
  });

  it('waits for a store that is away, and sweeps every ten minutes', async () => {
    const { clock, store, keys, users, sessions, links, count } = rooms();
    await sessions.start({ name: 'ann', credential: 1 });
    let isAway = true;
    const flaky = Object.create(users, {
      isEmpty: { value: () => (isAway ? Promise.reject(new Error('away')) : users.isEmpty()) },
    }) as UserStore;
    const announced: string[] = [];
    const options = { announceLink: (path: string) => announced.push(path) };
    const master = new AuthHousekeeping(flaky, sessions, links, clock, silentLog, options);
    await master.start();
    expect(announced).toEqual([]);
    isAway = false;
    await clock.advanceAsync(600_000);
    expect(announced).toHaveLength(1);
    await clock.advanceAsync(SESSION_SECONDS * 1000);
    expect(await count()).toBe(0);
    expect((await store.range(keys.links)).entries).toHaveLength(1);
    master.stop();
  });
});
