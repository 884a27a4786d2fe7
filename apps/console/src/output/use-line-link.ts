import { computed, type Ref, ref, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { plainText } from './clean-text';
import { clickedRange, hashOfRange, rangeOfHash } from './line-link';
import type { LineStore } from './line-store';

/**
 * The lines selected, as the address names them (`#L120-L130`). Where one comes by such an address, `arrive` is called
 * once, with the index of the first line, as soon as that line has been read.
 */
export function useLineLink(options: {
  readonly store: Ref<LineStore>;
  readonly version: Ref<number>;
  readonly arrive: (index: number) => void;
}) {
  const { store, version } = options;
  const route = useRoute();
  const router = useRouter();
  const chosen = computed(() => rangeOfHash(route.hash));
  /** Set while the line one came for has not been read. */
  const awaited = ref(chosen.value?.from);

  watch(
    version,
    () => {
      const index = awaited.value === undefined ? undefined : store.value.indexOfNumber(awaited.value);
      if (index !== undefined) {
        awaited.value = undefined;
        options.arrive(index);
      }
    },
    { flush: 'post' },
  );
  // Back and forward, or a link within the page.
  watch(chosen, (now) => {
    const index = now && store.value.indexOfNumber(now.from);
    if (index !== undefined) options.arrive(index);
  });

  function set(hash: string): void {
    void router.replace({ query: route.query, hash });
  }

  return {
    chosen,
    /** Whether a line was asked for that is not there (yet). */
    awaited,
    choose: (number: number, isShift: boolean) => set(hashOfRange(clickedRange(chosen.value, number, isShift))),
    clear: () => set(''),
    /** The text of the lines selected, as far as they are kept. */
    text: () => {
      const lines: string[] = [];
      for (let number = chosen.value?.from ?? 1; number <= (chosen.value?.to ?? 0); number += 1) {
        const index = store.value.indexOfNumber(number);
        const text = index === undefined ? undefined : store.value.textAt(index);
        if (text !== undefined) lines.push(plainText(text));
      }
      return lines.join('\n');
    },
  };
}
