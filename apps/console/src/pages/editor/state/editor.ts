import { computed, type InjectionKey, inject, provide, ref, shallowRef, type WritableComputedRef } from 'vue';
import type { Draft } from '@/editing/job-document';
import { isKnownZone } from '@/format/instant';
import { may } from '@/session/session';
import { isSame, valueAt, withValue } from './paths';

/** A job as the server has it: its document and the ETag to replace just that. */
export interface Saved {
  readonly document: Draft;
  readonly etag: string;
}

/** What the editor begins with. */
export interface Beginning {
  /** The job as it is; absent for one that is to be made. */
  readonly saved?: Saved;
  /** What stands in the form at first: the saved document, a copy of another job, or what an address asks for. */
  readonly document: Draft;
  /** Runs by schedule so far. */
  readonly runCount?: number;
  /** Why what is stored is no job, where it is none. */
  readonly invalid?: string;
}

/** The document somebody works on, and what it is compared with. Parts of the form see it through `useEditor`. */
export interface Editor extends ReturnType<typeof createEditor> {}

const KEY: InjectionKey<Editor> = Symbol('editor');

export function provideEditor(name: string | undefined, beginning: Beginning): Editor {
  const editor = createEditor(name, beginning);
  provide(KEY, editor);
  return editor;
}

export function useEditor(): Editor {
  const editor = inject(KEY);
  if (!editor) throw new Error('There is no editor around this part.');
  return editor;
}

/** A value of the document, to show and to set; undefined takes it away. */
export function useValue<T>(...path: string[]): WritableComputedRef<T | undefined> {
  const { document, set } = useEditor();
  return computed({
    get: () => valueAt(document.value, path) as T | undefined,
    set: (value) => set(path, value),
  });
}

function createEditor(name: string | undefined, beginning: Beginning) {
  const document = shallowRef(beginning.document);
  /** The job as it was when the work on it began; undefined: it is not there, and saving makes it. */
  const saved = shallowRef(beginning.saved);
  /** What counts as unchanged. */
  const start = shallowRef(beginning.document);
  /** A text in the YAML tab that says no document: it is neither lost nor saved. */
  const brokenText = ref<string>();

  return {
    /** Name of the job in the address; undefined where a job is made. */
    name,
    runCount: beginning.runCount ?? 0,
    document,
    saved,
    brokenText,
    canEdit: may.edit,
    isDirty: computed(() => brokenText.value !== undefined || !isSame(document.value, start.value)),
    /** What the document is compared with; empty for a job that is to be made. */
    base: computed<Draft>(() => saved.value?.document ?? {}),
    /** Name the job has, or will have. */
    jobName: computed(() => name ?? textOf(document.value.name)),
    /** Zone of the job, as it is written. */
    zone: computed(() => textOf(document.value.timezone) || 'UTC'),
    /** The same to show times in. */
    clock: computed(() => clockZone(document.value)),
    /** The zone of the saved job, to show times in. */
    savedClock: computed(() => clockZone(saved.value?.document ?? {})),
    set(path: readonly string[], value: unknown): void {
      if (may.edit.value) document.value = withValue(document.value, path, value);
    },
    replace(next: Draft): void {
      document.value = next;
    },
    /** Begins anew from a job as it is now; what stands in the form is as `next` says, or the job itself. */
    rebase(now: Saved | undefined, next?: Draft): void {
      saved.value = now;
      start.value = now?.document ?? {};
      if (next) document.value = next;
    },
  };
}

/** A value of a document that should be a text; empty where it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The zone of a document; UTC where this browser does not know it. */
function clockZone(document: Draft): string {
  const zone = textOf(document.timezone);
  return zone && isKnownZone(zone) ? zone : 'UTC';
}
