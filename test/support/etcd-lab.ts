import { CoordinationStore, EtcdStore, EtcdStoreOptions, put, transaction } from '@app/etcd';
import { SystemClock, silentLog } from '@app/platform';
import { Etcd3, IOptions } from 'etcd3';
import { EtcdServer, startEtcd } from './etcd-server.js';
import { startTcpProxy, TcpProxy } from './tcp-proxy.js';

/** An etcd, and ways to it: ours and the bare library's, direct and through proxies. `close` ends them all. */
export class EtcdLab {
  private readonly opened: (() => unknown)[] = [];
  private readonly clock = new SystemClock();

  private constructor(readonly server: EtcdServer) {}

  static async start(...flags: readonly string[]): Promise<EtcdLab> {
    return new EtcdLab(await startEtcd(...flags));
  }

  /** Our adapter, to the server or to a proxy. */
  ours(host = this.server.host, more: Partial<EtcdStoreOptions> = {}): EtcdStore {
    return this.willClose(new EtcdStore({ hosts: [host], clock: this.clock, log: silentLog, ...more }));
  }

  /** The library as it comes. */
  library(host = this.server.host, more: Partial<IOptions> = {}): Etcd3 {
    return this.willClose(new Etcd3({ hosts: host, ...more }));
  }

  async proxy(): Promise<TcpProxy> {
    return this.willClose(await startTcpProxy(this.server.port));
  }

  willClose<T extends { close(): unknown }>(one: T): T {
    this.opened.push(() => one.close());
    return one;
  }

  /** Closes what was opened, last first; the server stays. */
  async tidy(): Promise<void> {
    for (const close of this.opened.splice(0).reverse()) await close();
  }

  async close(): Promise<void> {
    await this.tidy();
    await this.server.stop();
  }
}

/** Writes keys, each at a revision of its own; gives the last revision. */
export async function putApart(
  store: CoordinationStore,
  prefix: string,
  count: number,
  value: string,
): Promise<number> {
  let last = 0;
  for (let done = 0; done < count; done += 200) {
    const answers = await Promise.all(
      Array.from({ length: Math.min(200, count - done) }, (_, index) =>
        store.transactAll([transaction([], [put(`${prefix}${done + index}`, value)])]),
      ),
    );
    for (const [settled] of answers) {
      if (!settled!.ok) throw settled!.error;
      last = Math.max(last, settled!.result.revision);
    }
  }
  return last;
}
