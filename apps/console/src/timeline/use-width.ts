import { onScopeDispose, type Ref, ref, watch } from 'vue';

/** The width of an element in whole pixels, as it changes; 0 before it stands. */
export function useWidth(element: Ref<HTMLElement | undefined>): Ref<number> {
  const width = ref(0);
  const observer = new ResizeObserver(([entry]) => {
    if (entry) width.value = Math.floor(entry.contentRect.width);
  });
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before);
      if (now) {
        width.value = Math.floor(now.clientWidth);
        observer.observe(now);
      }
    },
    { immediate: true, flush: 'post' },
  );
  onScopeDispose(() => observer.disconnect());
  return width;
}
