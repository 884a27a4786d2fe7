import { Entry, RangeOptions, RangePage } from '../port/coordination-store.js';
import { Compacted, StoreRefused } from '../port/errors.js';
import { compareKeys } from './key-order.js';
import { KeySpace } from './key-space.js';

const DEFAULT_LIMIT = 1_000;
const NO_VALUE = Buffer.alloc(0);

/** Reads a page as `CoordinationStore.range` promises. Throws Compacted, and StoreRefused for a revision to come. */
export function readRange(keys: KeySpace, prefix: string, options: RangeOptions): RangePage {
  const revision = options.revision ?? keys.revision;
  if (revision > keys.revision) throw new StoreRefused('range', `revision ${revision} is still to come`);
  if (revision < keys.compactRevision) throw new Compacted(revision);

  const limit = Math.max(1, options.limit ?? DEFAULT_LIMIT);
  const past = pastEntries(keys, revision);
  const page: Entry[] = [];
  for (const key of keysOfPage(keys, past, prefix, options.after)) {
    const entry = past.has(key) ? past.get(key) : keys.get(key);
    if (!entry) continue;
    if (page.length === limit) return { entries: page, more: true, revision };
    page.push(options.keysOnly ? { ...entry, value: NO_VALUE } : entry);
  }
  return { entries: page, more: false, revision };
}

/** Keys that were changed after `revision`, as they were then; undefined for those that were not there. */
function pastEntries(keys: KeySpace, revision: number): ReadonlyMap<string, Entry | undefined> {
  const past = new Map<string, Entry | undefined>();
  if (revision === keys.revision) return past;
  for (const change of keys.changesSince(revision + 1)) {
    if (!past.has(change.key)) past.set(change.key, change.previous);
  }
  return past;
}

/** The keys of today and those of the past under the prefix, after `after`, ascending. */
function* keysOfPage(
  keys: KeySpace,
  past: ReadonlyMap<string, Entry | undefined>,
  prefix: string,
  after: string | undefined,
): Generator<string> {
  const [start, inclusive] = after === undefined || compareKeys(after, prefix) < 0 ? [prefix, true] : [after, false];
  const gone = [...past.keys()]
    .filter((key) => key.startsWith(prefix) && compareKeys(key, start) >= (inclusive ? 0 : 1) && !keys.get(key))
    .sort(compareKeys);
  let next = 0;
  for (const key of keys.keysFrom(start, inclusive)) {
    if (!key.startsWith(prefix)) break;
    while (next < gone.length && compareKeys(gone[next]!, key) < 0) yield gone[next++]!;
    yield key;
  }
  while (next < gone.length) yield gone[next++]!;
}
