import { SystemClock, silentLog } from '@app/platform';
import { afterAll, describe } from 'vitest';
import { startMongoServer } from '../../../../test/support/mongo-server.js';
import { historyStoreContract } from '../contract/history-store.contract.js';
import { MongoHistory } from './mongo-history.js';

const server = await startMongoServer();

describe.runIf(server !== undefined)(`MongoHistory on ${server?.description ?? 'no server'}`, () => {
  let databases = 0;

  afterAll(async () => {
    await server?.stop();
  });

  historyStoreContract('MongoHistory', async () => {
    databases += 1;
    const uri = server!.uri(`fleetcron_test_${process.pid}_${databases}`);
    const store = new MongoHistory(uri, new SystemClock(), silentLog);
    await store.prepare();
    return store;
  });
});
