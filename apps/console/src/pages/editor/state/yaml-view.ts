import { computed, ref, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { documentText } from '@/editing/job-document';
import type { Check } from './check';
import type { Editor } from './editor';
import { isSame } from './paths';
import { type LineFault, readYaml, type YamlReading } from './yaml-text';

/** The document as text, both ways: what is typed becomes the document as soon as it says one. */
export function useYamlView(editor: Editor, check: Check) {
  const { t } = useI18n();
  const read = (text: string): YamlReading => readYaml(text, t('editor.notAMap'));
  const text = ref(editor.brokenText.value ?? documentText(editor.document.value));
  const reading = computed(() => read(text.value));

  watch(editor.document, (document) => {
    // Changed elsewhere: what was typed here, comments and order too, stays where it says the same.
    if (!reading.value.ok || !isSame(reading.value.document, document)) text.value = documentText(document);
  });
  watch(editor.brokenText, (broken) => {
    if (broken !== undefined) text.value = broken;
    else if (!reading.value.ok) text.value = documentText(editor.document.value);
  });

  return {
    text: computed({
      get: () => text.value,
      set: (typed: string) => {
        text.value = typed;
        const now = reading.value;
        editor.brokenText.value = now.ok ? undefined : typed;
        if (now.ok && !isSame(now.document, editor.document.value)) editor.replace(now.document);
      },
    }),
    /** What is wrong, each at its line: with the text first, then with what it says. */
    marks: computed<readonly LineFault[]>(() => {
      const now = reading.value;
      if (!now.ok) return now.faults;
      return check.faults.value.map(({ path, message }) => ({
        line: now.lineOf(path),
        message: path ? `${path}: ${message}` : message,
      }));
    }),
    lineOf: (path: string): number => (reading.value.ok ? reading.value.lineOf(path) : 1),
  };
}
