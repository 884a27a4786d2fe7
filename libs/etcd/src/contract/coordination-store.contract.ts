import { describe } from 'vitest';
import { leasesContract } from './leases.contract.js';
import { rangesContract } from './ranges.contract.js';
import { OpenStore } from './store-under-test.js';
import { transactionsContract } from './transactions.contract.js';
import { watchesContract } from './watches.contract.js';

/** Everything the coordination port promises, to be run over each adapter. `name` says which. */
export function coordinationStoreContract(name: string, open: OpenStore): void {
  describe(`CoordinationStore: ${name}`, () => {
    transactionsContract(open);
    rangesContract(open);
    watchesContract(open);
    leasesContract(open);
  });
}
