import { onScopeDispose, type Ref, ref } from 'vue';

/** Whether the window is as narrow as a phone; follows it. */
export function useNarrow(): Ref<boolean> {
  const query = matchMedia('(max-width: 720px)');
  const isNarrow = ref(query.matches);
  const changed = (): void => {
    isNarrow.value = query.matches;
  };
  query.addEventListener('change', changed);
  onScopeDispose(() => query.removeEventListener('change', changed));
  return isNarrow;
}
