import type { CoordinationStore, Entry } from './coordination-store.js';

const PAGE = 1000;

/** Some of the entries below a prefix, ascending by key. */
export interface Page {
  readonly entries: readonly Entry[];
  /** That of all pages: the one asked for, else the store's at the first. */
  readonly revision: number;
}

/**
 * All entries below a prefix as they were at one revision, page by page. While a page is looked at, the next one is on its
 * way. Throws StoreUnavailable, Compacted.
 */
export async function* pagesOf(
  store: CoordinationStore,
  prefix: string,
  { revision, pageSize = PAGE }: { readonly revision?: number; readonly pageSize?: number } = {},
): AsyncGenerator<Page> {
  let coming = store.range(prefix, { limit: pageSize, ...(revision === undefined ? {} : { revision }) });
  for (;;) {
    const page = await coming;
    const after = page.entries.at(-1)?.key;
    const isLast = !page.more || after === undefined;
    if (!isLast) {
      coming = store.range(prefix, { limit: pageSize, after, revision: page.revision });
      // Whoever looks at this page may never ask for the next one.
      coming.catch(() => {});
    }
    yield { entries: page.entries, revision: page.revision };
    if (isLast) return;
  }
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
