export * from './port/history-store.js';
