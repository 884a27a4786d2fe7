import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAbsent, KeyMirror, LeaderElection, LeaseKeeper, put, read, transaction } from '@app/etcd';
import { pause, SystemClock, silentLog } from '@app/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/build-program.js';
import { EtcdLab, putApart } from '../support/etcd-lab.js';
import { hasEtcd } from '../support/etcd-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const clock = new SystemClock();
const log = silentLog;

/**
 * Traps of the etcd3 library, each seen to spring with the library's own behaviour, and not with ours. When a version of
 * the library no longer springs one, its "library" test fails: then think again about what we still need.
 */
describe.runIf(hasEtcd())('the traps of etcd3', () => {
  let lab: EtcdLab;
  beforeAll(async () => {
    lab = await EtcdLab.start();
  });
  afterEach(() => lab.tidy());
  afterAll(() => lab.close());

  async function mirrorOf(prefix: string, host: string): Promise<KeyMirror> {
    const mirror = lab.willClose(new KeyMirror(lab.ours(host), prefix, { clock, log }));
    await mirror.start();
    return mirror;
  }

  async function write(key: string, value = 'x'): Promise<void> {
    await lab.ours().transactAll([transaction([], [put(key, value)])]);
  }

  describe('1: a transaction whose answer is lost', () => {
    /** Lets `claim` write the key over connections that stand, loses what comes back, and then cuts them. */
    async function losingAnswers<T>(proxy: TcpProxy, key: string, claim: () => Promise<T>): Promise<T> {
      for (const connection of proxy.connections) connection.drop('toClient');
      const claimed = claim();
      await until('the claim to be written', () => lab.ours().get(key));
      proxy.cut();
      return claimed;
    }

    it('library: is retried, and refused by its own claim', async () => {
      const proxy = await lab.proxy();
      const etcd = lab.library(proxy.host);
      await etcd.get('/t/1');
      const claim = () =>
        etcd.if('/t/1/library', 'Create', '==', 0).then(etcd.put('/t/1/library').value('me')).commit();
      expect(await losingAnswers(proxy, '/t/1/library', claim)).toMatchObject({ succeeded: false });
      expect(await lab.library().get('/t/1/library').string()).toBe('me');
    });

    it('ours: is told as unknown, and the same claim again finds that it is its own', async () => {
      const proxy = await lab.proxy();
      const store = lab.ours(proxy.host);
      await store.get('/t/1');
      const claim = transaction([isAbsent('/t/1/ours')], [put('/t/1/ours', 'me')], [read('/t/1/ours')]);
      const [lost] = await losingAnswers(proxy, '/t/1/ours', () => store.transactAll([claim]));
      expect(lost).toMatchObject({ ok: false, error: { name: 'StoreUnavailable', outcome: 'unknown' } });
      const [again] = await lab.ours().transactAll([claim]);
      expect(again).toMatchObject({ result: { succeeded: false, results: [{ entry: { value: Buffer.from('me') } }] } });
    });
  });

  describe('2: a watch that is cut in the middle of a replay', () => {
    const COUNT = 3_000;
    let first: number;
    beforeAll(async () => {
      first = (await putApart(lab.ours(), '/t/2/', COUNT, 'x'.repeat(100))) - COUNT + 1;
    });

    /** A proxy whose first connection to carry a replay is cut in the middle of it. */
    async function cuttingProxy(): Promise<TcpProxy> {
      const proxy = await lab.proxy();
      proxy.onConnection = (connection) => connection.cutAfter('toClient', 250_000);
      return proxy;
    }

    it('library: goes on from the revision of a header, and loses events without a word', async () => {
      const proxy = await cuttingProxy();
      const watcher = lab.library(proxy.host).watch().prefix('/t/2/').startRevision(String(first)).watcher();
      const [heard, errors, breaks] = [new Set<string>(), [] as Error[], [] as Error[]];
      watcher.on('put', ({ key }) => heard.add(key.toString()));
      watcher.on('error', (error) => errors.push(error));
      watcher.on('disconnected', (error) => breaks.push(error));
      await until('the cut', () => breaks.length > 0);
      proxy.onConnection = () => {};
      await write('/t/2/last');
      await until('what was written last', () => heard.has('/t/2/last'));
      expect(heard.size).toBeGreaterThan(100);
      expect(heard.size).toBeLessThan(COUNT);
      expect(errors).toEqual([]);
    });

    it('ours: starts over after what was whole, and a mirror on it has everything', async () => {
      const proxy = await cuttingProxy();
      const told = { events: 0, reason: '' };
      lab.ours(proxy.host).watch('/t/2/', first, {
        events: (events) => {
          told.events += events.length;
        },
        startOver: (reason) => {
          told.reason = reason;
        },
      });
      await until('the word to start over', () => told.reason);
      expect(told.events).toBeLessThan(COUNT);
      proxy.onConnection = () => {};
      const mirror = await mirrorOf('/t/2/', proxy.host);
      await write('/t/2/even later');
      await until('what was written last', () => mirror.get('/t/2/even later'));
      expect(mirror.size).toBe((await lab.ours().range('/t/2/', { limit: 10_000 })).entries.length);
    });
  });

  describe('3: a watch whose revision is compacted', () => {
    it('library: is an error without a reason, which ends a process that does not listen', async () => {
      const last = await putApart(lab.ours(), '/t/3/', 10, 'x');
      await lab.ours().compact(last);
      const program = await buildProgram('test/integration/etcd3-watcher.program.ts');
      const child = spawn(process.execPath, [program.path, lab.server.host, String(last - 5)]);
      const words: string[] = [];
      child.stderr.on('data', (bytes) => words.push(String(bytes)));
      const [code] = await once(child, 'close');
      expect(code).not.toBe(0);
      expect(words.join('')).toMatch(/Watcher canceled: \n[\s\S]*Emitted 'error' event on Watcher/);
    });

    it('ours: starts over, and a mirror that was cut off meanwhile is right again', async () => {
      const proxy = await lab.proxy();
      const mirror = await mirrorOf('/t/3/', proxy.host);
      proxy.isRefusing = true;
      proxy.cut();
      const last = await putApart(lab.ours(), '/t/3/new/', 50, 'x');
      await lab.ours().compact(last);
      proxy.isRefusing = false;
      await until('the mirror to be right', () => mirror.get('/t/3/new/49'));
      expect(mirror.size).toBe(60);
    });
  });

  describe('4: a lease that is lost', () => {
    it('library: says so long after its keys are gone. Ours: says so before', async () => {
      const proxy = await lab.proxy();
      const lease = lab.library(proxy.host).lease(3);
      let isLostToLibrary = false;
      lease.on('lost', () => {
        isLostToLibrary = true;
      });
      await lease.put('/t/4/library').value('x');
      const store = lab.ours(proxy.host);
      const options = { store, clock, log, ttlSeconds: 3, keepEveryMs: 900, validForMs: 2_400 };
      const keeper = await LeaseKeeper.grant(options);
      await store.transactAll([transaction([], [put('/t/4/ours', 'x', keeper.lease)])]);
      proxy.hold('toClient', 'toServer');

      const direct = lab.ours();
      await until('our right to end', () => !keeper.isValid);
      expect(await direct.get('/t/4/ours')).toBeDefined();
      await until('the keys to be gone', async () => (await direct.range('/t/4/')).entries.length === 0, 15_000);
      expect(isLostToLibrary).toBe(false);
      proxy.heal();
      await keeper.stop();
      await lease.revoke().catch(() => {});
    });
  });

  describe('5: a sign-in that has expired', () => {
    it('library: leaves a watch dead. Ours: watches on', async () => {
      const guarded = await EtcdLab.start('--auth-token-ttl', '1');
      try {
        await demandSignIn(guarded);
        const auth = { username: 'root', password: 'secret' };
        const proxy = await guarded.proxy();
        const [heard, errors] = [[] as string[], [] as Error[]];
        const etcd = guarded.library(proxy.host, { auth });
        const watcher = await etcd.watch().prefix('/t/5/').create();
        watcher.on('put', ({ key }) => heard.push(key.toString())).on('error', (error) => errors.push(error));
        const mirror = new KeyMirror(guarded.ours(proxy.host, auth), '/t/5/', { clock, log });
        await guarded.willClose(mirror).start();

        // Nothing can be asked meanwhile: every use renews a token.
        await pause(clock, 3_500);
        proxy.cut();
        await until('the library to give up', () => errors.length > 0, 15_000);
        expect(errors[0]!.message).toContain('Watcher canceled');
        await guarded.ours(guarded.server.host, auth).transactAll([transaction([], [put('/t/5/after', 'x')])]);
        await until('our mirror to hear of it', () => mirror.get('/t/5/after'), 15_000);
        expect(await etcd.get('/t/5/after').string()).toBe('x');
        expect(heard).toEqual([]);
      } finally {
        await guarded.close();
      }
    }, 60_000);
  });

  describe('6: large answers and silent connections', () => {
    it('library: refuses an answer over 4 MiB. Ours: reads it', async () => {
      for (let index = 0; index < 6; index++) await write(`/t/6/${index}`, 'x'.repeat(1_000_000));
      await expect(lab.library().getAll().prefix('/t/6/').strings()).rejects.toThrow('larger than max');
      expect((await lab.ours().range('/t/6/')).entries).toHaveLength(6);
    });

    it('library: waits on a connection that fell silent. Ours: answers by its deadline', async () => {
      const proxy = await lab.proxy();
      const [etcd, store] = [lab.library(proxy.host), lab.ours(proxy.host)];
      await Promise.all([etcd.get('/t/6'), store.get('/t/6')]);
      proxy.drop('toClient', 'toServer');
      let hasLibraryAnswered = false;
      const answered = () => {
        hasLibraryAnswered = true;
      };
      etcd.get('/t/6').string().then(answered, answered);
      await expect(store.get('/t/6', { deadlineMs: 1_000 })).rejects.toMatchObject({ outcome: 'unknown' });
      await expect(store.get('/t/6', { deadlineMs: 1_000 })).rejects.toMatchObject({ outcome: 'notDone' });
      expect(hasLibraryAnswered).toBe(false);
    });
  });

  describe('7: many transactions in one request', () => {
    const nested = (count: number, keyOf = (index: number) => `/t/7/${count}/${index}`) => ({
      success: Array.from({ length: count }, (_, index) => ({
        request_txn: {
          success: Array.from({ length: 8 }, (_, part) => ({
            request_put: { key: Buffer.from(`${keyOf(index)}/${part}`), value: Buffer.from('x') },
          })),
        },
      })),
    });

    it('library: a request of 121 by 8 operations, or with one key twice, is refused whole', async () => {
      const { kv } = lab.library();
      await kv.txn(nested(120));
      await expect(kv.txn(nested(121))).rejects.toThrow('too many operations');
      await expect(kv.txn(nested(10, (index) => `/t/7/twice/${index % 9}`))).rejects.toThrow('duplicate key');
      expect((await lab.ours().range('/t/7/twice/')).entries).toEqual([]);
    });

    it('ours: all of them are done, in as many requests as it takes', async () => {
      const claims = Array.from({ length: 1_000 }, (_, index) =>
        transaction(
          [],
          Array.from({ length: 8 }, (_, part) => put(`/t/7/ours/${index % 999}/${part}`, 'x')),
        ),
      );
      const before = (await lab.ours().status()).revision;
      const settled = await lab.ours().transactAll(claims);
      expect(settled.every((one) => one.ok)).toBe(true);
      expect((await lab.ours().status()).revision - before).toBe(Math.ceil(1_000 / 120));
    });
  });

  describe('8: an election', () => {
    it('library: knows two leaders when one is cut off. Ours: never, and what the old one writes is refused', async () => {
      const proxy = await lab.proxy();
      const elected: string[] = [];
      const errors: Error[] = [];
      const first = lab.library(proxy.host).election('/t/8/library', 3).campaign('first');
      first.on('elected', () => elected.push('first')).on('error', (error) => errors.push(error));
      await until('the first', () => elected.length === 1);
      const second = lab.library().election('/t/8/library', 3).campaign('second');
      second.on('elected', () => elected.push('second')).on('error', () => {});

      const stand = (host: string): LeaderElection => {
        const options = { store: lab.ours(host), clock, log, key: '/t/8/ours', value: host, ttlSeconds: 3 };
        const election = lab.willClose(new LeaderElection(options));
        election.start();
        return election;
      };
      const ours = stand(proxy.host);
      await until('our first', () => ours.isLeader());
      const oldFence = ours.fenceCompare();
      const successor = stand(lab.server.host);
      proxy.hold('toClient', 'toServer');

      await until('our second', () => {
        expect(ours.isLeader() && successor.isLeader()).toBe(false);
        return successor.isLeader();
      });
      const [late] = await lab.ours().transactAll([transaction([oldFence], [put('/t/8/written', 'late')])]);
      expect(late).toMatchObject({ ok: true, result: { succeeded: false } });
      await until('the library’s second', () => elected.length === 2);
      expect(errors).toEqual([]);
      proxy.heal();
      await Promise.allSettled([first.resign(), second.resign()]);
    });
  });
});

/** Turns on authentication, with a user root whose password is `secret`. */
async function demandSignIn(lab: EtcdLab): Promise<void> {
  const etcd = lab.library();
  await etcd.role('root').create();
  await (await etcd.user('root').create('secret')).addRole('root');
  await etcd.auth.authEnable();
}
