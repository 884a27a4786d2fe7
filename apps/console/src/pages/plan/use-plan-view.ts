import { computed } from 'vue';
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router';
import { useNow } from '@/format/now';
import { remembered } from '@/format/remembered';
import { type Span, spanAround, spanFrom, spanResized, WINDOW, WINDOWS, type WindowName } from '@/timeline/span';
import { useUrlText } from '@/ui/url-state';

const DEFAULT: WindowName = '12h';
const chosen = remembered<WindowName>('plan.window', DEFAULT, isWindow);
const MINUTE_MS = 60_000;

/** What the plan shows, as the address says it: the window (without `from` it follows the present) and the filters. */
export function usePlanView() {
  const route = useRoute();
  const router = useRouter();
  const now = useNow();
  const window = computed<WindowName>(() => (isWindow(route.query['window']) ? route.query['window'] : chosen.value));
  const givenFrom = computed(() => Date.parse(String(route.query['from'] ?? '')) || undefined);
  const around = computed(() => spanAround(now.value, window.value).from);
  const span = computed<Span>(() => {
    const from = givenFrom.value ?? around.value;
    return { from, to: from + WINDOW[window.value].lengthMs };
  });

  /** The page of the list stays: it does not hang on the window. */
  function change(part: LocationQueryRaw): void {
    const { query, hash } = router.currentRoute.value;
    void router.replace({ query: { ...query, ...part }, hash });
  }

  function showFrom(from: number): void {
    change({ from: new Date(from).toISOString() });
  }

  return {
    span,
    window,
    isFollowing: computed(() => givenFrom.value === undefined),
    search: useUrlText('search'),
    group: useUrlText('group'),
    state: useUrlText('state'),
    sort: useUrlText('sort'),
    view: computed({
      get: () => (typeof route.query['view'] === 'string' ? route.query['view'] : ''),
      set: (view) => change({ view }),
    }),
    /** Moves by so many windows; false where that is less than a minute. */
    move(windows: number): boolean {
      const { from } = spanFrom(span.value.from + windows * WINDOW[window.value].lengthMs, window.value);
      if (Math.abs(from - span.value.from) < MINUTE_MS) return false;
      showFrom(from);
      return true;
    },
    resize(name: WindowName): void {
      const from = givenFrom.value === undefined ? undefined : spanResized(span.value, name).from;
      chosen.value = name;
      change({ window: name === DEFAULT ? undefined : name, from: from && new Date(from).toISOString() });
    },
    goToNow: () => change({ from: undefined }),
  };
}

export type PlanView = ReturnType<typeof usePlanView>;

function isWindow(value: unknown): value is WindowName {
  return WINDOWS.some((name) => name === value);
}
