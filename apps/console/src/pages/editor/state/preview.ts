import { previewSchedule, type SchedulePreview, type SchedulePreviewRequest } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed, onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import { ask } from '@/api/ask';
import type { Draft } from '@/editing/job-document';
import { useNow } from '@/format/now';
import { epoch, useFormat } from '@/format/use-format';
import { type ClockNote, clockNotes } from '@/schedule/clock-notes';
import { type Editor, textOf } from './editor';
import { isSame } from './paths';

/** Enough for a year of a daily job: changes of clocks come twice a year. */
const COUNT = 400;
const PAUSE_MS = 150;

/** What the schedule in the editor would do, and what the saved one does. */
export function usePreview(editor: Editor) {
  const { language } = useFormat();
  const now = useNow();
  const wanted = computed(() => requestOf(editor.document.value, editor.jobName.value));
  const next = useSchedule(debounced(wanted), language);
  const saved = useSchedule(
    computed(() => requestOf(editor.base.value, editor.jobName.value)),
    language,
  );

  /** The same list for as long as no fire of it has passed: time goes on each second. */
  const toCome = (preview: SchedulePreview | undefined, before: readonly number[] = []): readonly number[] => {
    const fires = (preview?.fires ?? []).map(epoch).filter((at) => at > now.value);
    return isSame(fires, before) ? before : fires;
  };

  return {
    /** Fires to come, ascending, epoch ms; those of the last schedule that was right. */
    fires: computed<readonly number[]>((before) => toCome(wanted.value && next.latest.value, before)),
    savedFires: computed<readonly number[]>((before) =>
      toCome(editor.base.value.cronExpr === undefined ? undefined : saved.latest.value, before),
    ),
    /** Fires and words are of the schedule before: the one in the form is wrong. */
    isWrong: computed(() => wanted.value !== undefined && next.error.value !== null),
    /** Fires and words are of the schedule before: the one in the form is wrong, or not looked at yet. */
    isStale: computed(() => !next.isCurrent.value),
    isLoading: computed(() => wanted.value !== undefined && next.latest.value === undefined && !next.error.value),
    words: computed(() => (wanted.value ? next.latest.value?.description : undefined)),
    notes: computed<ClockNote[]>(() => {
      const { latest, isCurrent } = next;
      if (!wanted.value || !latest.value || !isCurrent.value) return [];
      const changes = latest.value.clockChanges.map(({ at, bySeconds }) => ({ at: epoch(at), bySeconds }));
      return clockNotes(latest.value.fires.map(epoch), changes, editor.clock.value).slice(0, 2);
    }),
    /** When clocks change among the fires, epoch ms. */
    changes: computed(() => (next.latest.value?.clockChanges ?? []).map(({ at }) => epoch(at))),
    isScheduled: computed(() => wanted.value !== undefined),
  };
}

export type Preview = ReturnType<typeof usePreview>;

/** The question to ask of a document; undefined where it has no schedule. */
function requestOf(document: Draft, name: string): SchedulePreviewRequest | undefined {
  if (typeof document.cronExpr !== 'string') return undefined;
  const zone = textOf(document.timezone);
  return {
    cronExpr: document.cronExpr,
    ...(zone && { timezone: zone }),
    ...(name && { name: name.slice(0, 128) }),
    ...(textOf(document.startAt) && { startAt: textOf(document.startAt) }),
    ...(textOf(document.endAt) && { endAt: textOf(document.endAt) }),
  };
}

/** The answer, or while there is none the one before: what is shown does not vanish with a slip of the finger. */
function useSchedule(request: Ref<SchedulePreviewRequest | undefined>, language: Ref<'en' | 'zh'>) {
  const latest = shallowRef<SchedulePreview>();
  const query = useQuery<SchedulePreview>({
    key: () => ['schedule-preview', language.value, JSON.stringify(request.value ?? null)],
    query: () => ask(() => previewSchedule({ body: { ...request.value!, count: COUNT, locale: language.value } })),
    enabled: () => request.value !== undefined,
    staleTime: 60_000,
  });
  watch(
    query.data,
    (data) => {
      if (data) latest.value = data;
    },
    { immediate: true },
  );
  return { latest, error: query.error, isCurrent: computed(() => query.data.value !== undefined) };
}

/** The value once it has stood still for a moment; at once at first. */
function debounced<T>(source: Ref<T>): Ref<T> {
  const calm = shallowRef(source.value) as Ref<T>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(source, (value) => {
    if (isSame(value, calm.value)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      calm.value = value;
    }, PAUSE_MS);
  });
  onScopeDispose(() => clearTimeout(timer));
  return calm;
}
