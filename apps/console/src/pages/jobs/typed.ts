import { onScopeDispose, type Ref, ref, watch } from 'vue';

/**
 * What stands in a field while somebody types; `target` follows when they pause for `waitMs`. A change of the target from
 * elsewhere (Back, a saved view) comes into the field, but never over what is being typed.
 */
export function useTyped(target: Ref<string>, waitMs = 180): Ref<string> {
  const text = ref(target.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(text, (now) => {
    clearTimeout(timer);
    timer = undefined;
    if (now.trim() === target.value) return;
    timer = setTimeout(() => {
      timer = undefined;
      target.value = now.trim();
    }, waitMs);
  });
  watch(target, (now) => {
    if (timer === undefined && text.value.trim() !== now) text.value = now;
  });
  onScopeDispose(() => clearTimeout(timer));
  return text;
}
