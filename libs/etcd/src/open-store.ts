import { Clock, Log } from '@app/platform';
import { EmbeddedStore } from './embedded/embedded-store.js';
import { EtcdTls } from './etcd/etcd-options.js';
import { EtcdStore } from './etcd/etcd-store.js';
import { parseStoreUrl } from './etcd/store-url.js';
import { MemoryStore } from './memory/memory-store.js';
import { CoordinationStore } from './port/coordination-store.js';

/** Which coordination store, as it can be said in one setting. */
export type StoreLocation =
  | {
      readonly kind: 'etcd';
      readonly hosts: readonly string[];
      readonly username?: string;
      readonly password?: string;
      readonly tls?: boolean | EtcdTls;
    }
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'memory' };

export interface EtcdModuleOptions {
  readonly location: StoreLocation;
  /** Of all keys, without a trailing slash: one prefix is one tenant. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Log;
}

const EMBEDDED = 'embedded:';

/**
 * Reads FLEETCRON_STORE: `embedded:./data`, `memory:`, or `etcd://h1:2379,h2:2379/cron` (`etcds://` for TLS). Throws
 * InvalidInput, naming the setting.
 */
export function parseStoreSetting(
  value: string,
  setting = 'FLEETCRON_STORE',
): Pick<EtcdModuleOptions, 'location' | 'prefix'> {
  if (value === 'memory:') return { location: { kind: 'memory' }, prefix: '/cron' };
  if (value.startsWith(EMBEDDED)) {
    return { location: { kind: 'embedded', folder: value.slice(EMBEDDED.length) || './data' }, prefix: '/cron' };
  }
  const { prefix, isSecure: tls, ...where } = parseStoreUrl(value, setting);
  return { location: { kind: 'etcd', ...where, tls }, prefix };
}

/** Opens the store a process was told to use. Throws FolderInUse; an etcd that is away is not noticed before the first call. */
export function openCoordinationStore({ location, clock, log }: EtcdModuleOptions): CoordinationStore {
  switch (location.kind) {
    case 'memory':
      return new MemoryStore(clock);
    case 'embedded':
      return EmbeddedStore.open({ folder: location.folder, clock, log });
    case 'etcd':
      return new EtcdStore({ ...location, clock, log });
  }
}
