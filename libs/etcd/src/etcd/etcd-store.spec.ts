import { pause, SystemClock, silentLog } from '@app/platform';
import { afterAll, beforeAll, describe } from 'vitest';
import { EtcdServer, hasEtcd, startEtcd } from '../../../../test/support/etcd-server.js';
import { coordinationStoreContract } from '../contract/coordination-store.contract.js';
import { EtcdStore } from './etcd-store.js';

describe.runIf(hasEtcd())('on a real etcd', () => {
  const clock = new SystemClock();
  const stores: EtcdStore[] = [];
  let server: EtcdServer;

  beforeAll(async () => {
    server = await startEtcd();
  });

  afterAll(async () => {
    for (const store of stores) await store.close();
    await server.stop();
  });

  coordinationStoreContract('etcd', async () => {
    const store = new EtcdStore({ hosts: [server.host], clock, log: silentLog });
    stores.push(store);
    return { store, elapse: (ms) => pause(clock, ms) };
  });
});
