import { Clock } from '@app/platform';
import { LeaseId, StoreStatus } from '../port/coordination-store.js';
import { KeySpace } from './key-space.js';
import { LocalStore, Written } from './local-store.js';

export interface MemoryStoreOptions {
  /** How many changes are kept for watches and old revisions, at least; default 20,000. Older ones are compacted. */
  readonly historyLimit?: number;
}

/**
 * The coordination port in one process's memory, gone with it: for tests and for the simulation. Deterministic: its
 * only time is the clock it is given, and every write is carried out within the call.
 */
export class MemoryStore extends LocalStore {
  constructor(clock: Clock, options: MemoryStoreOptions = {}) {
    super(clock, new KeySpace({ historyLimit: options.historyLimit ?? 20_000 }), 'm');
  }

  async status(): Promise<StoreStatus> {
    this.mustBeOpen('status');
    return {
      revision: this.keys.revision,
      dbSizeBytes: this.keys.sizeBytes,
      alarms: [],
      members: [{ id: 'memory', name: 'memory', version: process.version, leader: true }],
    };
  }

  protected async write<T>(operation: string, work: () => Written<T>): Promise<T> {
    this.mustBeOpen(operation);
    const { answer, changes } = work();
    this.watches.publish(changes);
    return answer;
  }

  protected onLeaseEnd(lease: LeaseId): void {
    this.watches.publish(this.dropLease(lease).changes);
  }
}
