import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CoordinationStore, Entry } from './coordination-store.js';

/** Entries that are looked at in one go. */
const SLICE = 1_000;
/**
 * Entries asked for at once: at first, and at most, once they are known to be small; in between a tenth of those that have
 * come. An answer is taken apart in one go, and slowly by a program that has just been started, which has a session to
 * begin meanwhile. etcd before 3.5 counts all the keys that are left with every page, so that a million in pages of a
 * thousand take it minutes.
 */
const FIRST_PAGE = 1_000;
const LARGEST_PAGE = 5_000;
const SHARE_OF_COME = 0.1;
const PAGE_BYTES = 2 * 1024 * 1024;

/** Some of the entries below a prefix, ascending by key. */
export interface Page {
  readonly entries: readonly Entry[];
  /** That of all pages: the one asked for, else the store's at the first. */
  readonly revision: number;
}

/**
 * All entries below a prefix as they were at one revision, a thousand at most at a time, other work in between. While
 * some are looked at, the next ones are on their way. Throws StoreUnavailable, Compacted.
 */
export async function* pagesOf(
  store: CoordinationStore,
  prefix: string,
  { revision, pageSize }: { readonly revision?: number; readonly pageSize?: number } = {},
): AsyncGenerator<Page> {
  let coming = store.range(prefix, {
    limit: pageSize ?? FIRST_PAGE,
    ...(revision === undefined ? {} : { revision }),
  });
  for (let come = 0; ; ) {
    const page = await coming;
    come += page.entries.length;
    const after = page.entries.at(-1)?.key;
    const isLast = !page.more || after === undefined;
    if (!isLast) {
      coming = store.range(prefix, {
        limit: pageSize ?? nextLimit(page.entries, come),
        after,
        revision: page.revision,
      });
      // Whoever looks at this page may never ask for the next one.
      coming.catch(() => {});
    }
    for (let at = 0; at === 0 || at < page.entries.length; at += SLICE) {
      if (at > 0) await nextTurn();
      yield { entries: page.entries.slice(at, at + SLICE), revision: page.revision };
    }
    if (isLast) return;
  }
}

function nextLimit(entries: readonly Entry[], come: number): number {
  const bytes = entries.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  const fitting = Math.floor(PAGE_BYTES / (bytes / entries.length));
  return Math.max(FIRST_PAGE, Math.min(LARGEST_PAGE, Math.floor(SHARE_OF_COME * come), fitting));
}

/** All entries below a prefix at one revision. Throws StoreUnavailable, Compacted. */
export async function listAll(
  store: CoordinationStore,
  prefix: string,
  revision?: number,
): Promise<{ readonly entries: readonly Entry[]; readonly revision: number }> {
  const all: Entry[] = [];
  let at = 0;
  for await (const page of pagesOf(store, prefix, { revision })) {
    all.push(...page.entries);
    at = page.revision;
  }
  return { entries: all, revision: at };
}
