import { type JobDocument, validateJob } from '@fleetcron/sdk';
import { computed, onScopeDispose, reactive, ref, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { ask } from '@/api/ask';
import type { Draft } from '@/editing/job-document';
import { type Sentence, sentenceSaid } from '@/i18n/said';
import type { Editor } from './editor';
import { fieldOf, inFormWords, isWithin, labelOf, restOf } from './field-labels';
import { valueAt } from './paths';

/** What is wrong with a field, in the server's words. */
export interface FieldFault extends Sentence {
  /** Such as `retry.limit`; empty: the document as a whole. */
  readonly path: string;
}

const PAUSE_MS = 200;

/** Asks the server, as somebody types, what it would say to the document; and keeps what it said when it was saved. */
export function useCheck(editor: Editor) {
  const { t } = useI18n();
  const checked = ref<readonly FieldFault[]>([]);
  const refused = ref<readonly FieldFault[]>([]);
  /** Since somebody wanted to save: from then on what is missing is said as well. */
  const isAsked = ref(false);
  const fields = reactive(new Map<string, () => string>());
  const labels = computed(() => new Map([...fields].map(([field, label]) => [field, label()])));
  let asking = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function check(): Promise<void> {
    const mine = ++asking;
    try {
      const { errors } = await ask(() => validateJob({ body: editor.document.value as unknown as JobDocument }));
      if (mine === asking) checked.value = errors;
    } catch {
      // Whether it is right is said when it is saved.
    }
  }

  watch(
    editor.document,
    () => {
      refused.value = [];
      clearTimeout(timer);
      timer = setTimeout(() => void check(), PAUSE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));

  const faults = computed<FieldFault[]>(() => {
    const all = [...renamed(), ...refused.value, ...checked.value];
    return all.filter(({ path }, index) => all.findIndex((each) => each.path === path) === index);
  });

  /** The name is the job: under another it would be another job. */
  function renamed(): FieldFault[] {
    const { name, document } = editor;
    if (name === undefined || document.value.name === name) return [];
    return [{ path: 'name', message: t('editor.noRename', { name }) }];
  }

  return {
    faults,
    isAsked,
    /** Checks at once: what is said afterwards is about the document as it is. */
    async now(): Promise<readonly FieldFault[]> {
      clearTimeout(timer);
      isAsked.value = true;
      await check();
      return faults.value;
    },
    refuse(errors: readonly FieldFault[]): void {
      isAsked.value = true;
      refused.value = errors;
    },
    /** What is wrong with a field or within it. What is only missing is said once somebody wants to save. */
    at(field: string): string[] {
      return faults.value
        .filter(({ path }) => isWithin(path, field) && (isAsked.value || isWritten(editor.document.value, path)))
        .map((fault) => {
          const said = inFormWords(sentenceSaid(fault), labels.value);
          return fault.path === field ? said : `${restOf(fault.path, field)}: ${said}`;
        });
    },
    /** Fields of the form say which paths they stand for, and how they are labelled, while they are shown. */
    claim(field: string, label: () => string): () => void {
      fields.set(field, label);
      return () => fields.delete(field);
    },
    /** The field that stands for a path; undefined where the form has none. */
    fieldOf: (path: string): string | undefined => fieldOf(path, fields.keys()),
    /** The form's words for a path; undefined where it has none, as where the text is shown. */
    labelOf: (path: string): string | undefined => labelOf(path, labels.value),
    /** A sentence of the server in the form's words. */
    inFormWords: (message: string): string => inFormWords(message, labels.value),
  };
}

export type Check = ReturnType<typeof useCheck>;

function isWritten(document: Draft, path: string): boolean {
  const [field = ''] = path.split(/[.[]/, 1);
  return valueAt(document, [field]) !== undefined;
}
