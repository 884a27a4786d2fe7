export * from './connect.js';
export type { Client } from './generated/client/index.js';
export * from './generated/index.js';
