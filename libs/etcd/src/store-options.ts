import { readFileSync } from 'node:fs';
import { InvalidInput, type Secret } from '@app/platform';
import { type EtcdModuleOptions, parseStoreSetting } from './open-store.js';

/** The settings that say where the coordination store is. */
export interface StoreSettings {
  readonly store: Secret;
  readonly storeCa?: string | undefined;
  readonly storeCert?: string | undefined;
  readonly storeKey?: string | undefined;
}

/**
 * Reads FLEETCRON_STORE with the certificate files that go with it. Throws InvalidInput naming the setting, also for a
 * file that cannot be read.
 */
export function readStoreSettings(settings: StoreSettings): Pick<EtcdModuleOptions, 'location' | 'prefix'> {
  const { location, prefix } = parseStoreSetting(settings.store.reveal());
  const { storeCa, storeCert, storeKey } = settings;
  if (storeCa === undefined && storeCert === undefined && storeKey === undefined) return { location, prefix };
  if (location.kind !== 'etcd') {
    throw new InvalidInput([{ path: 'FLEETCRON_STORE_CA', message: 'goes with a store of etcds://' }]);
  }
  if (storeCa === undefined) {
    throw new InvalidInput([{ path: 'FLEETCRON_STORE_CA', message: 'must be given with a client certificate' }]);
  }
  const tls = {
    rootCertificate: readPem('FLEETCRON_STORE_CA', storeCa),
    ...(storeCert === undefined ? {} : { certChain: readPem('FLEETCRON_STORE_CERT', storeCert) }),
    ...(storeKey === undefined ? {} : { privateKey: readPem('FLEETCRON_STORE_KEY', storeKey) }),
  };
  return { location: { ...location, tls }, prefix };
}

function readPem(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new InvalidInput([{ path: setting, message: `cannot be read: ${(error as Error).message}` }]);
  }
}
