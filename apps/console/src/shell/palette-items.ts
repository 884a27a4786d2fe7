import { computed, onScopeDispose, type Ref, ref, watch } from 'vue';
import { useRouter } from 'vue-router';
import { usePaletteCommands } from './palette-commands';
import { useDeeds } from './palette-deeds';
import { useFitJobs, useFoundJobs } from './palette-jobs';
import { isCalled, wishOf } from './palette-wish';

/** One line of the command palette. */
export interface PaletteItem {
  readonly id: string;
  readonly group: 'jobs' | 'commands';
  readonly text: string;
  readonly hint?: string;
  /** Instead of closing the palette: what its field says next, because something is still to be chosen. */
  readonly next?: string;
  readonly act: () => unknown;
}

const WAIT_MS = 120;

/**
 * What the palette offers for a text: what it says to do to the jobs it names, jobs that match and what can be done to
 * the best of them, and commands.
 */
export function usePaletteItems(text: Ref<string>, isOpen: Ref<boolean>) {
  const router = useRouter();
  const commands = usePaletteCommands();
  const deeds = useDeeds();
  const search = useSettled(text);
  const isShown = (): boolean => isOpen.value;
  const wish = computed(() => wishOf(text.value, deeds.words));
  const settledWish = computed(() => wishOf(search.value, deeds.words));
  const found = useFoundJobs(() => search.value, isShown);
  const { fitFor, underway } = useFitJobs(() => settledWish.value, isShown);

  /** What is wanted, to each job it can be done to. */
  function wanted(): PaletteItem[] {
    const now = wish.value;
    if (!now || !deeds.mayDo(now.verb)) return [];
    return now.verb === 'kill' ? underway(now.job).map(deeds.kill) : fitFor(now).map((job) => deeds.on(now.verb, job));
  }

  function matching(): PaletteItem[] {
    const jobs = found(text.value.trim());
    const [best] = jobs;
    return [
      ...jobs.map((job) => ({
        id: `job ${job.name}`,
        group: 'jobs' as const,
        text: job.name,
        hint: job.description,
        act: () => router.push({ name: 'job', params: { name: job.name } }),
      })),
      ...(best ? deeds.usual(best) : []),
    ];
  }

  return computed<readonly PaletteItem[]>(() => {
    const said = text.value.trim();
    const offered = deeds.open.value.filter(({ verb }) => verb !== wish.value?.verb);
    const all = [
      ...wanted(),
      ...matching(),
      ...[...commands.value, ...offered].filter(({ names }) => isCalled(names, said)),
    ];
    return all.filter(({ id }, index) => all.findIndex((each) => each.id === id) === index);
  });
}

/** A text once nobody has typed for a moment. */
function useSettled(text: Ref<string>): Ref<string> {
  const settled = ref('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(text, (now) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      settled.value = now.trim();
    }, WAIT_MS);
  });
  onScopeDispose(() => clearTimeout(timer));
  return settled;
}
