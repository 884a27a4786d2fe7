import { afterEach, beforeEach, describe } from 'vitest';
import { HistoryStore } from '../port/history-store.js';
import { listContract } from './lists.contract.js';
import { outputContract } from './output.contract.js';
import { recordContract } from './records.contract.js';
import { retentionContract } from './retention.contract.js';
import { rollupContract } from './rollups.contract.js';

/** What every HistoryStore promises, whatever it keeps its records in. `open` gives an empty store for each test. */
export function historyStoreContract(name: string, open: () => Promise<HistoryStore>): void {
  describe(`${name} as a history store`, () => {
    let store: HistoryStore;

    beforeEach(async () => {
      store = await open();
    });

    afterEach(async () => {
      await store.close();
    });

    recordContract(() => store);
    listContract(() => store);
    outputContract(() => store);
    rollupContract(() => store);
    retentionContract(() => store);
  });
}
