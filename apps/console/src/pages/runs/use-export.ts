import { listRuns } from '@fleetcron/sdk';
import { onScopeDispose, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { ask } from '@/api/ask';
import { formatCount } from '@/format/number';
import { notifyDone, notifyProblem } from '@/ui/notify';
import { CSV_HEAD, csvOf } from './csv';
import type { RunsQuery } from './use-run-filters';

/** Rows of a file at most. */
const MOST = 10_000;
const PAGE = 500;

/** Exports what a filter finds, page by page; `rows` counts while it goes on, and is undefined otherwise. */
export function useExport(query: () => RunsQuery) {
  const { t } = useI18n();
  const rows = ref<number>();
  let stopping: AbortController | undefined;

  async function start(): Promise<void> {
    stopping = new AbortController();
    const { signal } = stopping;
    rows.value = 0;
    try {
      const parts = [CSV_HEAD];
      const asked = query();
      let cursor: string | undefined;
      do {
        const page = await ask(() => listRuns({ query: { ...asked, limit: PAGE, ...(cursor && { cursor }) }, signal }));
        const items = page.items.slice(0, MOST - rows.value);
        parts.push(csvOf(items));
        rows.value += items.length;
        cursor = page.nextCursor;
      } while (cursor && rows.value < MOST);
      save(parts);
      notifyDone(t(cursor ? 'runs.exportedMost' : 'runs.exported', { n: formatCount(rows.value) }));
    } catch (error) {
      if (!signal.aborted) notifyProblem(error, t('runs.export'));
    } finally {
      rows.value = undefined;
    }
  }

  const stop = (): void => stopping?.abort();
  onScopeDispose(stop);
  return { rows, start, stop };
}

function save(parts: readonly string[]): void {
  // The mark at the beginning lets spreadsheets read it as UTF-8.
  const address = URL.createObjectURL(new Blob(['\ufeff', ...parts], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `runs-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
