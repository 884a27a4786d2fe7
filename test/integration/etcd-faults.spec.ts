import { CoordinationStore, del, EtcdStore, EtcdStoreOptions, KeyMirror, put, transaction } from '@app/etcd';
import { pause, StoreUnavailable, SystemClock, silentLog } from '@app/platform';
import { Etcd3 } from 'etcd3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EtcdServer, freePort, hasEtcd, startEtcd } from '../support/etcd-server.js';
import { watchMachine } from '../support/machine-stalls.js';
import { startTcpProxy, TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const clock = new SystemClock();

/** What an operator does once there is room again: gives the space back and takes the alarm off. */
async function clearAlarm(host: string): Promise<void> {
  const etcd = new Etcd3({ hosts: host });
  await etcd.maintenance.defragment();
  for (const { alarm, memberID } of (await etcd.maintenance.alarm({ action: 'Get' })).alarms) {
    await etcd.maintenance.alarm({ action: 'Deactivate', alarm, memberID });
  }
  etcd.close();
}

/** How a put ended: `done`, or its error's name and outcome. */
async function tryPut(store: CoordinationStore, key: string, deadlineMs: number, value = 'x'): Promise<string> {
  const [settled] = await store.transactAll([transaction([], [put(key, value)])], { deadlineMs });
  if (settled!.ok) return 'done';
  const { error } = settled!;
  return error instanceof StoreUnavailable ? `${error.name}: ${error.outcome}` : error.name;
}

describe.runIf(hasEtcd())('EtcdStore, when things go wrong', () => {
  let server: EtcdServer;
  let direct: EtcdStore;
  const opened: { close(): unknown }[] = [];

  beforeAll(async () => {
    server = await startEtcd();
    direct = new EtcdStore({ hosts: [server.host], clock, log: silentLog });
  });

  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  afterAll(async () => {
    await direct.close();
    await server.stop();
  });

  function connect(hosts: readonly string[], more: Partial<EtcdStoreOptions> = {}): EtcdStore {
    const store = new EtcdStore({ hosts, clock, log: silentLog, ...more });
    opened.push(store);
    return store;
  }

  async function proxy(): Promise<TcpProxy> {
    const one = await startTcpProxy(server.port);
    opened.push(one);
    return one;
  }

  it('says at once that nothing was done where nobody listens', async () => {
    const store = connect([`127.0.0.1:${await freePort()}`]);
    const stalled = watchMachine();
    const began = clock.monotonic();
    expect(await tryPut(store, '/f/nobody', 5_000)).toBe('StoreUnavailable: notDone');
    await expect(store.get('/f/nobody')).rejects.toMatchObject({ outcome: 'notDone' });
    expect(clock.monotonic() - began).toBeLessThan(3_000 + stalled());
  });

  it('keeps one connection, however many it tried while answers were held back', async () => {
    const between = await proxy();
    const store = connect([between.host]);
    await store.get('/f/held');
    between.hold('toClient');
    const ended: Promise<string>[] = [];
    for (let n = 0; n < 25; n += 1) {
      ended.push(tryPut(store, `/f/held/${n}`, 2_500));
      await pause(clock, 200);
    }
    await Promise.all(ended);
    expect(between.connections.length).toBeGreaterThan(2);
    between.heal();
    const open = () => between.connections.filter(({ isOpen }) => isOpen).length;
    await until('it writes again', async () => (await tryPut(store, '/f/held', 1_000)) === 'done');
    await until('all other connections are closed', () => open() === 1);
  });

  it('says that it may have been done when the answer does not come in time, and it may', async () => {
    const between = await proxy();
    const store = connect([between.host]);
    await store.get('/f/answer');
    between.drop('toClient');
    const stalled = watchMachine();
    const began = clock.monotonic();
    expect(await tryPut(store, '/f/answer', 500)).toBe('StoreUnavailable: unknown');
    expect(clock.monotonic() - began).toBeLessThan(1_500 + stalled());
    expect(await direct.get('/f/answer')).toBeDefined();
  });

  it('says that it may have been done when the connection breaks under it', async () => {
    const between = await proxy();
    const store = connect([between.host]);
    await store.get('/f/break');
    between.drop('toClient');
    const asked = tryPut(store, '/f/break', 5_000);
    await until('the key', () => direct.get('/f/break'));
    between.heal();
    between.cut();
    expect(await asked).toBe('StoreUnavailable: unknown');
    await until('a put', async () => (await tryPut(store, '/f/break/again', 1_000)) === 'done');
  });

  it('replaces a connection that is dead without a word, as soon as one call found out', async () => {
    const between = await proxy();
    const store = connect([between.host]);
    await store.get('/f/dead');
    for (const connection of between.connections) connection.drop('toClient', 'toServer');
    expect(await tryPut(store, '/f/dead', 500)).toBe('StoreUnavailable: unknown');
    expect(await tryPut(store, '/f/dead', 2_000)).toBe('done');
  });

  it('replaces a connection without harm to calls and watches that are on their way', async () => {
    const between = await proxy();
    const store = connect([between.host]);
    const warnings: string[] = [];
    const mirror = new KeyMirror(store, '/f/harmless/', {
      clock,
      log: { ...silentLog, warn: (message) => warnings.push(message) },
    });
    opened.push(mirror);
    await mirror.start();
    await tryPut(store, '/f/harmless/a', 2_000);
    between.delay(400);
    const patient = tryPut(store, '/f/harmless/b', 5_000);
    expect(await tryPut(store, '/f/harmless/c', 300)).toBe('StoreUnavailable: unknown');
    expect(await patient).toBe('done');
    between.heal();
    expect(await tryPut(store, '/f/harmless/d', 2_000)).toBe('done');
    await until('the mirror', () => mirror.size === 4);
    expect(warnings).toEqual([]);
  });

  it('goes on with another member when one is down, refuses, or falls silent', async () => {
    const [first, second] = [await proxy(), await proxy()];
    const store = connect([first.host, second.host, `127.0.0.1:${await freePort()}`]);
    expect(await tryPut(store, '/f/over', 2_000)).toBe('done');
    first.isRefusing = true;
    first.cut();
    await until('a put', async () => (await tryPut(store, '/f/over', 2_000)) === 'done', 5_000);
    expect(second.connections.length).toBeGreaterThan(0);
    first.isRefusing = false;
    second.drop('toClient', 'toServer');
    expect(await tryPut(store, '/f/over', 500)).toBe('StoreUnavailable: unknown');
    await until('a put', async () => (await tryPut(store, '/f/over', 2_000)) === 'done', 5_000);
  });

  it('finds its way back within seconds after etcd was away', async () => {
    const store = connect([server.host]);
    await store.get('/f/restart');
    await server.kill();
    expect(await tryPut(store, '/f/restart', 1_000)).toContain('StoreUnavailable');
    await pause(clock, 3_000);
    await server.start();
    const stalled = watchMachine();
    const began = clock.monotonic();
    await until('a put', async () => (await tryPut(store, '/f/restart', 1_000)) === 'done');
    expect(clock.monotonic() - began).toBeLessThan(4_000 + stalled());
  });

  it('keeps its deadlines while etcd is paused, and goes on when it is resumed', async () => {
    const store = connect([server.host]);
    const lease = await store.grantLease(60);
    await store.get('/f/paused');
    await server.pause();
    const stalled = watchMachine();
    const began = clock.monotonic();
    const answers = await Promise.all([
      tryPut(store, '/f/paused', 700),
      store.get('/f/paused', { deadlineMs: 700 }).catch((error: StoreUnavailable) => error.code),
      store.keepAlive(lease, { deadlineMs: 700 }).catch((error: StoreUnavailable) => error.code),
      store.status({ deadlineMs: 700 }).catch((error: StoreUnavailable) => error.code),
    ]);
    expect(clock.monotonic() - began).toBeLessThan(2_500 + stalled());
    server.resume();
    expect(answers).toEqual([
      'StoreUnavailable: unknown',
      'store_unavailable',
      'store_unavailable',
      'store_unavailable',
    ]);
    await until('a put', async () => (await tryPut(store, '/f/paused', 1_000)) === 'done');
    await store.keepAlive(lease);
  });

  it('gives up a watch that fell silent, and the mirror on it is soon right again', async () => {
    const between = await proxy();
    const store = connect([between.host], { watchSilenceMs: 900 });
    const reasons: string[] = [];
    const mirror = new KeyMirror(store, '/f/silent/', {
      clock,
      log: { ...silentLog, warn: (_, fields) => reasons.push(String(fields?.reason)) },
    });
    opened.push(mirror);
    await mirror.start();
    await pause(clock, 2_000);
    expect(reasons).toEqual([]);
    for (const connection of between.connections) connection.drop('toClient', 'toServer');
    await tryPut(direct, '/f/silent/a', 1_000);
    await until('the mirror', () => mirror.get('/f/silent/a'));
    expect(reasons[0]).toContain('nothing was heard');
  });

  it('survives the end of etcd under open watches and keep-alives, and hears of everything in the end', async () => {
    const store = connect([server.host]);
    const mirror = new KeyMirror(store, '/f/away/', { clock, log: silentLog });
    opened.push(mirror);
    await mirror.start();
    for (let round = 0; round < 3; round++) {
      await server.kill();
      await expect(store.keepAlive('123')).rejects.toBeInstanceOf(StoreUnavailable);
      await server.start();
      await until('a put', async () => (await tryPut(direct, `/f/away/${round}`, 1_000)) === 'done');
      await until('the mirror', () => mirror.get(`/f/away/${round}`));
    }
    expect(mirror.size).toBe(3);
  });

  it('does nothing and says so while etcd has no space left, lets itself be emptied, and recovers', async () => {
    const full = await startEtcd('--quota-backend-bytes', String(16 * 1024 * 1024));
    const store = connect([full.host]);
    try {
      let written = 0;
      while ((await tryPut(store, `/f/full/${written % 4}`, 5_000, 'x'.repeat(1_000_000))) === 'done') written++;
      expect(written).toBeGreaterThan(5);
      expect(await tryPut(store, '/f/full/more', 5_000)).toBe('StoreUnavailable: notDone');
      expect((await store.status()).alarms).toEqual(['NOSPACE']);
      const emptied = await store.transactAll([0, 1, 2, 3].map((n) => transaction([], [del(`/f/full/${n}`)])));
      expect(emptied.every((one) => one.ok)).toBe(true);
      const { revision } = await store.status();
      await store.compact(revision);
      await until('room', async () => {
        await clearAlarm(full.host);
        return (await tryPut(store, '/f/full/again', 5_000, 'x'.repeat(1_000_000))) === 'done';
      });
      expect((await store.status()).alarms).toEqual([]);
    } finally {
      await full.stop();
    }
  });

  it('refuses on a wrong password, and says so: no waiting would help', async () => {
    const guarded = await startEtcd();
    const etcd = new Etcd3({ hosts: guarded.host });
    try {
      await etcd.role('root').create();
      await (await etcd.user('root').create('secret')).addRole('root');
      await etcd.auth.authEnable();
      const rightful = connect([guarded.host], { username: 'root', password: 'secret' });
      expect(await tryPut(rightful, '/f/auth', 2_000)).toBe('done');
      expect((await rightful.status()).members).toHaveLength(1);
      const wrong = connect([guarded.host], { username: 'root', password: 'guess' });
      expect(await tryPut(wrong, '/f/auth', 2_000)).toBe('StoreRefused');
      await expect(wrong.get('/f/auth')).rejects.toThrow('authentication failed');
      expect(await tryPut(connect([guarded.host]), '/f/auth', 2_000)).toBe('StoreRefused');
    } finally {
      etcd.close();
      await guarded.stop();
    }
  });

  it('speaks TLS, and trusts only whom it was told to', async () => {
    const secure = await startEtcd('--auto-tls');
    try {
      const rootCertificate = secure.clientCertificate();
      const trusting = connect([secure.host], { tls: { rootCertificate } });
      expect(await tryPut(trusting, '/f/tls', 3_000)).toBe('done');
      const doubting = connect([secure.host], { tls: true });
      expect(await tryPut(doubting, '/f/tls', 3_000)).toBe('StoreUnavailable: notDone');
      expect(await tryPut(connect([secure.host]), '/f/tls', 3_000)).toBe('StoreUnavailable: notDone');
    } finally {
      await secure.stop();
    }
  });
});
