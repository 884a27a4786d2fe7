import { computed, ref, watch } from 'vue';
import { formatDay } from '@/format/instant';
import { type Builder, type BuilderKind, turnedInto } from '@/schedule/builder';
import { builderOf } from '@/schedule/read-cron';
import { cronOf } from '@/schedule/write-cron';
import { type Editor, textOf } from '../state/editor';

/** The schedule of the document as the builder shows it; each follows the other where it can. */
export function useBuilder(editor: Editor) {
  /** The expression is wanted although the builder could say it: it does not jump away while somebody types. */
  const isPinned = ref(false);
  const cron = computed(() => {
    const { cronExpr } = editor.document.value;
    return cronExpr === undefined ? undefined : textOf(cronExpr);
  });
  const found = computed(() => builderOf(cron.value, editor.clock.value));
  const builder = computed<Builder>(() =>
    isPinned.value && found.value.kind !== 'hand' ? { kind: 'expression' } : found.value,
  );
  /** What came before "by hand", to come back to. */
  let last = cron.value ?? '0 8 * * *';
  watch(cron, (now) => {
    if (now !== undefined) last = now;
  });

  function set(next: Builder): void {
    editor.set(['cronExpr'], cronOf(next));
  }

  return {
    builder,
    cron,
    set,
    kind: computed<BuilderKind>({
      get: () => builder.value.kind,
      set: (kind) => {
        isPinned.value = kind === 'expression';
        if (kind === 'expression') editor.set(['cronExpr'], cron.value ?? last);
        else if (kind !== found.value.kind)
          set(turnedInto(kind, builderOf(last, editor.clock.value), formatDay(Date.now(), editor.clock.value)));
      },
    }),
    /** Types the expression. Emptied it stays a schedule, and a wrong one: by hand is a choice of its own. */
    write(text: string): void {
      editor.set(['cronExpr'], text);
    },
  };
}
