export * from './port/coordination-store.js';
export * from './port/errors.js';
