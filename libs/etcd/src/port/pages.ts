import type { CoordinationStore, Entry } from './coordination-store.js';

const PAGE = 1000;

/** All entries below a prefix as they were at one revision, page by page; the revision is that of the first page. */
export async function* pagesOf(
  store: CoordinationStore,
  prefix: string,
  revision?: number,
): AsyncGenerator<{ readonly entries: readonly Entry[]; readonly revision: number }> {
  let after: string | undefined;
  let at = revision;
  for (;;) {
    const page = await store.range(prefix, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
      ...(at === undefined ? {} : { revision: at }),
    });
    at = page.revision;
    yield { entries: page.entries, revision: at };
    after = page.entries.at(-1)?.key;
    if (!page.more || after === undefined) return;
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
  for await (const page of pagesOf(store, prefix, revision)) {
    all.push(...page.entries);
    at = page.revision;
  }
  return { entries: all, revision: at };
}
