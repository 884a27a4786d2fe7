import { onScopeDispose, ref, watch } from 'vue';
import { draftBox, type KeptDraft } from './drafts';
import type { Editor } from './editor';
import { isSame } from './paths';

const PAUSE_MS = 300;

/**
 * Keeps what is typed in this browser until it is saved or discarded, and brings it back: with what it was made from, so
 * that a change by somebody else meanwhile is found when it is saved.
 */
export function useKeeping(editor: Editor, key: string) {
  const box = draftBox();
  const restoredAt = ref<number>();
  /** Whether the browser keeps drafts at all. */
  const isKept = ref(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const kept = box.read(key);
  if (kept && (kept.text !== undefined || !isSame(kept.document, editor.document.value))) restore(kept);

  function restore(draft: KeptDraft): void {
    if (draft.base && draft.etag !== undefined) {
      editor.rebase({ document: draft.base, etag: draft.etag }, draft.document);
    } else {
      editor.replace(draft.document);
    }
    editor.brokenText.value = draft.text;
    restoredAt.value = draft.at;
  }

  function keep(): void {
    clearTimeout(timer);
    if (isOver) return;
    if (!editor.isDirty.value) {
      box.discard(key);
      return;
    }
    const { document, saved, brokenText } = editor;
    isKept.value = box.keep(key, {
      document: document.value,
      ...(brokenText.value !== undefined && { text: brokenText.value }),
      ...(saved.value && { base: saved.value.document, etag: saved.value.etag }),
      at: Date.now(),
    });
  }

  watch([editor.document, editor.saved, editor.brokenText], () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  const leaving = (event: BeforeUnloadEvent): void => {
    if (timer) keep();
    // What is kept comes back; only what cannot be kept is worth a question.
    if (editor.isDirty.value && !isKept.value) event.preventDefault();
  };
  addEventListener('beforeunload', leaving);
  onScopeDispose(() => {
    if (timer) keep();
    removeEventListener('beforeunload', leaving);
  });

  return {
    restoredAt,
    isKept,
    /** It was saved, or is not wanted: there is nothing to keep any more. */
    end(): void {
      isOver = true;
      clearTimeout(timer);
      box.discard(key);
    },
  };
}
