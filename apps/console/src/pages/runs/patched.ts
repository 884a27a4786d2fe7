import type { Run, RunPage } from '@fleetcron/sdk';
import { isLive } from '@/format/status';
import type { RunChange } from '@/live/changes';

/** The page with its rows brought up to date and none added, moved or taken away; and the rows that are new. */
export function patched(shown: RunPage, latest: RunPage): { readonly page: RunPage; readonly added: readonly Run[] } {
  const fresh = new Map(latest.items.map((run) => [run.id, run]));
  const known = new Set(shown.items.map(({ id }) => id));
  const items = shown.items.map((run) => fresh.get(run.id) ?? run);
  const newest = shown.items[0]?.scheduledTime ?? '';
  // A page may be filled up from below where something left it; only what belongs on top is news.
  const oldest = shown.items.at(-1)?.scheduledTime ?? '';
  const added = latest.items.filter(({ id, scheduledTime }) => !known.has(id) && scheduledTime >= (oldest || newest));
  return { page: { ...shown, items }, added };
}

/** The page with what the feed told of its rows at once; the rest of a row follows when it is read again. */
export function told(page: RunPage, changes: readonly RunChange[]): RunPage {
  const byId = new Map(changes.map((change) => [change.id, change]));
  if (!page.items.some(({ id }) => byId.has(id))) return page;
  const items = page.items.map((run) => {
    const change = byId.get(run.id);
    // What has ended stays so.
    if (!change || !isLive(run.status)) return run;
    return { ...run, status: change.status, ...(change.worker && { worker: change.worker }) };
  });
  return { ...page, items };
}
