import { ManualClock } from '@app/platform';
import { coordinationStoreContract } from '../contract/coordination-store.contract.js';
import { MemoryStore } from './memory-store.js';

coordinationStoreContract('memory', async () => {
  const clock = new ManualClock();
  return { store: new MemoryStore(clock), elapse: (ms) => clock.advanceAsync(ms) };
});
