import { createJob, type JobDocument, putJob, runJob } from '@fleetcron/sdk';
import { ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { ask } from '@/api/ask';
import { type ApiProblem, problemOf } from '@/api/problem';
import { documentOf, inOrder } from '@/editing/job-document';
import { notifyProblem } from '@/ui/notify';
import type { Check } from './check';
import { type Editor, textOf } from './editor';
import { loadJob } from './load';
import { isSame } from './paths';
import type { useRival } from './rival';

/** What came of saving. */
export type SaveResult =
  | { readonly kind: 'saved'; readonly name: string; readonly runId?: string }
  /** Fields are wrong; `check` says which. */
  | { readonly kind: 'refused' }
  /** Somebody else saved or deleted it meanwhile; the rival says what. */
  | { readonly kind: 'conflict' }
  /** Not done, or not known to be; it was said. */
  | { readonly kind: 'failed' };

/** Saves what stands in the editor: a new job is made, a saved one replaced only if it is still what was begun with. */
export function useSaving(editor: Editor, check: Check, rivals: ReturnType<typeof useRival>) {
  const { t } = useI18n();
  const isBusy = ref(false);
  /** No answer came to an attempt: it may have been done. */
  let isUnsure = false;

  async function save(options: { readonly thenRun: boolean }): Promise<SaveResult> {
    isBusy.value = true;
    try {
      await writeAsItIs();
    } catch (error) {
      const result = await explain(problemOf(error));
      if (result) return result;
    } finally {
      isBusy.value = false;
    }
    const name = textOf(editor.document.value.name);
    return { kind: 'saved', name, ...(options.thenRun && { runId: await runOnce(name) }) };
  }

  /** A change that left the document as it was is no conflict: the job is then replaced as it is now. */
  async function writeAsItIs(): Promise<void> {
    const before = editor.saved.value?.etag;
    try {
      await write();
    } catch (error) {
      if (problemOf(error).status !== 412 || (await rivals.look()) || editor.saved.value?.etag === before) throw error;
      await write();
    }
  }

  async function write(): Promise<void> {
    const body = inOrder(editor.document.value) as unknown as JobDocument;
    const { name, saved } = editor;
    if (name === undefined) {
      await ask(() => createJob({ body }));
      return;
    }
    const etag = saved.value?.etag;
    await ask(() => putJob({ path: { name }, body, ...(etag !== undefined && { headers: { 'If-Match': etag } }) }));
  }

  /** What a problem means; undefined: it was saved all the same. */
  async function explain(problem: ApiProblem): Promise<SaveResult | undefined> {
    switch (problem.status) {
      case 422:
        check.refuse(problem.errors.length > 0 ? problem.errors : [{ path: '', message: problem.detail }]);
        return { kind: 'refused' };
      case 409:
        if (await isSavedAlready()) return undefined;
        check.refuse([{ path: 'name', message: t('editor.nameTaken') }]);
        return { kind: 'refused' };
      case 412:
      case 404: {
        if (await isSavedAlready()) return undefined;
        if (await rivals.look().catch(() => undefined)) return { kind: 'conflict' };
        break;
      }
      default:
        isUnsure ||= problem.status === 0 || problem.status >= 500;
    }
    notifyProblem(problem, t('editor.notSaved'));
    return { kind: 'failed' };
  }

  /** After an attempt without an answer a refusal may be of our own doing: the job is then what we wanted it to be. */
  async function isSavedAlready(): Promise<boolean> {
    if (!isUnsure) return false;
    const now = await loadJob(editor.jobName.value).catch(() => undefined);
    return now !== undefined && isSame(now.document, documentOf(editor.document.value));
  }

  async function runOnce(name: string): Promise<string | undefined> {
    try {
      return (await ask(() => runJob({ path: { name }, body: {} }))).runId;
    } catch (error) {
      notifyProblem(error, t('editor.savedNotRun'));
      return undefined;
    }
  }

  return { isBusy, save };
}
