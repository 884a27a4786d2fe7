import { join } from 'node:path';
import { Clock, InvalidInput, Log } from '@app/platform';
import { EmbeddedHistory } from './embedded/embedded-history.js';
import { MongoHistory } from './mongo/mongo-history.js';
import { HistoryStore } from './port/history-store.js';

/** Where history is kept. */
export type HistoryLocation =
  /** A SQLite file of this process; `:memory:` dies with it. */
  { readonly kind: 'embedded'; readonly path: string } | { readonly kind: 'mongodb'; readonly uri: string };

/**
 * Reads `embedded:./data` (the file is `history.db` in that folder), `embedded::memory:`, `mongodb://...` or
 * `mongodb+srv://...`. Throws InvalidInput at path `history`; a password in a wrong value is not repeated.
 */
export function parseHistoryUrl(url: string): HistoryLocation {
  if (url === 'embedded::memory:') return { kind: 'embedded', path: ':memory:' };
  const folder = /^embedded:(.+)$/.exec(url)?.[1];
  if (folder) return { kind: 'embedded', path: join(folder, 'history.db') };
  if (/^mongodb(\+srv)?:\/\/[^/]/.test(url)) return { kind: 'mongodb', uri: url };
  throw new InvalidInput([
    { path: 'history', message: 'must be like embedded:./data or mongodb://host:27017/fleetcron' },
  ]);
}

/** Opens the history. The embedded folder must be there; MongoDB may be away, calls say so until it is back. */
export function openHistory(location: HistoryLocation, clock: Clock, log: Log): HistoryStore {
  return location.kind === 'embedded' ? new EmbeddedHistory(location.path) : new MongoHistory(location.uri, clock, log);
}
