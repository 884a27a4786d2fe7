import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/**
 * Where one is in a list with cursors. The address holds the cursor of the page and its number, so that a page can be
 * shared and Back works; cursors lead forward only, so the way back is the browser's own.
 */
export function usePages(pageSize: number) {
  const route = useRoute();
  const router = useRouter();
  const cursor = computed(() => (typeof route.query['cursor'] === 'string' ? route.query['cursor'] : undefined));
  const page = computed(() => Math.max(1, Number(route.query['page']) || 1));
  return {
    /** Give it to the API; undefined on the first page. */
    cursor,
    /** Place of the first row of this page, from 1. */
    from: computed(() => (page.value - 1) * pageSize + 1),
    isFirst: computed(() => cursor.value === undefined),
    next: (nextCursor: string) =>
      void router.push({ query: { ...route.query, cursor: nextCursor, page: String(page.value + 1) } }),
    /** The page before; the first one where somebody came here by an address alone. */
    previous: () => {
      const before = router.resolve(String(history.state?.back ?? '/'));
      const isPageBefore = before.path === route.path && (Number(before.query['page']) || 1) === page.value - 1;
      if (isPageBefore) {
        router.back();
      } else {
        void router.push({ query: { ...route.query, cursor: undefined, page: undefined } });
      }
    },
  };
}
