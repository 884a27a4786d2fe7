export * from './embedded/embedded-store.js';
export * from './memory/memory-store.js';
export * from './mirror/key-mirror.js';
export type { KeyChange } from './mirror/mirrored-keys.js';
export * from './port/coordination-store.js';
export * from './port/errors.js';
export * from './port/transaction.js';
