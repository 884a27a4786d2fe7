import { type ImportJobsData, type ImportResult, importJobs } from '@fleetcron/sdk';
import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue';
import { ask } from '@/api/ask';
import { type ApiProblem, problemOf } from '@/api/problem';
import { bytesOf, guessFormat, type ImportFormat, MOST_BYTES } from './import-format';

type ImportQuery = NonNullable<ImportJobsData['query']>;

const WAIT_MS = 300;

/** What was typed stays while the console is open, also when the drawer is closed. Crontabs hold secrets: nowhere else. */
const text = ref('');
const options = reactive({
  /** Empty: what the text looks like. */
  format: '' as ImportFormat | '',
  crontab: 'auto' as NonNullable<ImportQuery['crontab']>,
  timezone: 'UTC',
  group: '',
  overwrite: false,
});

/** A text of jobs, and what would become of it: asked for as one types, and only the latest answer counts. */
export function useImport() {
  const format = computed<ImportFormat>(() => options.format || guessFormat(text.value));
  const isTooLong = computed(() => bytesOf(text.value) > MOST_BYTES);
  const result = shallowRef<ImportResult>();
  const problem = shallowRef<ApiProblem>();
  /** The answer to what stands there now is on its way. */
  const isChecking = ref(false);
  const isImporting = ref(false);
  const query = computed<ImportQuery>(() =>
    format.value === 'crontab'
      ? {
          format: 'crontab',
          crontab: options.crontab,
          timezone: options.timezone,
          ...(options.group.trim() && { group: options.group.trim() }),
        }
      : { format: format.value, overwrite: options.overwrite },
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;

  function send(dryRun: boolean, signal?: AbortSignal): Promise<ImportResult> {
    return ask(() =>
      importJobs({
        body: text.value,
        bodySerializer: (body: unknown) => String(body),
        headers: { 'Content-Type': 'text/plain' },
        query: { ...query.value, dryRun },
        ...(signal && { signal }),
      }),
    );
  }

  async function check(): Promise<void> {
    const mine = new AbortController();
    asking = mine;
    try {
      const answer = await send(true, mine.signal);
      if (asking !== mine) return;
      result.value = answer;
      problem.value = undefined;
    } catch (error) {
      if (asking !== mine) return;
      problem.value = problemOf(error);
    }
    isChecking.value = false;
  }

  function checkSoon(waitMs: number): void {
    clearTimeout(timer);
    asking?.abort();
    asking = undefined;
    isChecking.value = false;
    if (text.value.trim() === '' || isTooLong.value) {
      result.value = undefined;
      problem.value = undefined;
      return;
    }
    isChecking.value = true;
    timer = setTimeout(() => void check(), waitMs);
  }

  watch([text, query], () => checkSoon(WAIT_MS));
  checkSoon(0);
  onScopeDispose(() => {
    clearTimeout(timer);
    asking?.abort();
    asking = undefined;
  });

  /** Makes the jobs. Resolves with what came of it; undefined where it could not be done: `problem` says why. */
  async function importNow(): Promise<ImportResult | undefined> {
    isImporting.value = true;
    try {
      result.value = await send(false);
      return result.value;
    } catch (error) {
      problem.value = problemOf(error);
      return undefined;
    } finally {
      isImporting.value = false;
    }
  }

  return {
    text,
    options,
    format,
    isTooLong,
    result,
    problem,
    isChecking,
    isImporting,
    importNow,
    /** Whether importing now would do something, as far as is known. */
    canImport: computed(
      () =>
        !isChecking.value &&
        !problem.value &&
        result.value?.dryRun === true &&
        result.value.created + result.value.replaced > 0,
    ),
    forget: () => {
      text.value = '';
    },
    again: () => checkSoon(0),
  };
}

export type Import = ReturnType<typeof useImport>;
