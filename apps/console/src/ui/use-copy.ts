import { onScopeDispose, readonly, ref } from 'vue';
import { copyText } from './copy-text';

/** How long a button says that it has copied. */
const SAID_MS = 2_000;

/** What a button to copy needs: the deed, and whether it has just been done. */
export function useCopy() {
  const isCopied = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));

  return {
    isCopied: readonly(isCopied),
    /** false where the browser does not allow it. */
    async copy(text: string): Promise<boolean> {
      if (!(await copyText(text))) return false;
      isCopied.value = true;
      clearTimeout(timer);
      timer = setTimeout(() => {
        isCopied.value = false;
      }, SAID_MS);
      return true;
    },
  };
}
