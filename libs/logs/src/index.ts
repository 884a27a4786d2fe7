export * from './embedded/embedded-history.js';
export * from './port/errors.js';
export * from './port/history-store.js';
export * from './port/limits.js';
export * from './rollup/buckets.js';
export * from './rollup/merge-rollups.js';
export * from './rollup/statistics.js';
