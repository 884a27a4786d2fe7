import { computed, type WritableComputedRef } from 'vue';
import { type LocationQueryRaw, type Router, useRoute, useRouter } from 'vue-router';

/**
 * A filter that lives in the address: `const group = useUrlText('group')`. Empty means absent. Changing it leaves the
 * page (`cursor` and `page`) behind and replaces the address, so that Back leads out of the list, not through every letter.
 */
export function useUrlText(key: string): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => {
      const given = route.query[key];
      return (Array.isArray(given) ? given[0] : given) ?? '';
    },
    set: (value) => change(router, { [key]: value || undefined }),
  });
}

/** As `useUrlText`, for several values: `?status=failed&status=lost`. */
export function useUrlList(key: string): WritableComputedRef<string[]> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => [route.query[key] ?? []].flat().filter((each): each is string => !!each),
    set: (values) => change(router, { [key]: values.length > 0 ? values : undefined }),
  });
}

let pending: LocationQueryRaw | undefined;

/** Changes made in one breath go into one address. */
function change(router: Router, part: LocationQueryRaw): void {
  if (pending) {
    Object.assign(pending, part);
    return;
  }
  pending = { ...part };
  queueMicrotask(() => {
    const { query, hash } = router.currentRoute.value;
    const changed = { ...query, cursor: undefined, page: undefined, ...pending };
    pending = undefined;
    void router.replace({ query: changed, hash });
  });
}
