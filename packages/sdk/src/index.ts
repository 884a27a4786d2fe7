export * from './connect.js';
export type { Client } from './generated/client/index.js';
/** The client of calls that name none: for a page on the same origin, with its session cookie. */
export { client } from './generated/client.gen.js';
export * from './generated/index.js';
