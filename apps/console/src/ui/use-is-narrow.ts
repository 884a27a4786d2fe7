import { onScopeDispose, type Ref, readonly, ref } from 'vue';

/** Whether the window is as narrow as a phone, as it changes. */
export function useIsNarrow(): Readonly<Ref<boolean>> {
  const media = matchMedia('(max-width: 720px)');
  const isNarrow = ref(media.matches);
  const changed = (): void => {
    isNarrow.value = media.matches;
  };
  media.addEventListener('change', changed);
  onScopeDispose(() => media.removeEventListener('change', changed));
  return readonly(isNarrow);
}
