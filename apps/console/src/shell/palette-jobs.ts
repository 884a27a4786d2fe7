import { type Job, type JobPage, listJobs, listRuns } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { ask } from '@/api/ask';
import type { Verb, Wish } from './palette-wish';

/** Jobs offered at once. */
const MOST = 8;

/** Jobs with a text in their name or description; none for an empty one. `search` may hold still while one types on. */
export function useFoundJobs(search: () => string, isOpen: () => boolean) {
  const query = useQuery({
    key: () => ['palette', search()],
    query: () => ask(() => listJobs({ query: { search: search(), limit: MOST, recentRuns: 0 } })),
    enabled: () => isOpen() && search() !== '',
    placeholderData: (previous: JobPage | undefined) => previous,
  });
  return (text: string): readonly Job[] =>
    text === '' ? [] : (query.data.value?.items ?? []).filter((job) => isAbout(job, text));
}

const STATE_FOR: Readonly<Partial<Record<Verb, 'enabled' | 'paused'>>> = { pause: 'enabled', resume: 'paused' };

/** Jobs a wish can be done to: those that fire to pause, those that are paused to resume, those that run to kill. */
export function useFitJobs(wish: () => Wish | undefined, isOpen: () => boolean) {
  const asked = computed(() => {
    const now = wish();
    const state = now && STATE_FOR[now.verb];
    return { limit: MOST, recentRuns: 0, ...(now?.job && { search: now.job }), ...(state && { state }) };
  });
  const jobs = useQuery({
    key: () => ['palette', 'fit', asked.value],
    query: () => ask(() => listJobs({ query: asked.value })),
    enabled: () => isOpen() && wish() !== undefined && wish()?.verb !== 'kill',
    placeholderData: (previous: JobPage | undefined) => previous,
  });
  const runs = useQuery({
    key: ['palette', 'underway'],
    query: () => ask(() => listRuns({ query: { status: 'queued,running', limit: 500 } })),
    enabled: () => isOpen() && wish()?.verb === 'kill',
  });

  return {
    fitFor: ({ verb, job }: Wish): readonly Job[] =>
      (jobs.data.value?.items ?? []).filter((each) => canBe(verb, each) && isAbout(each, job)),
    /** Names of jobs with runs that wait or run. */
    underway(text: string): readonly string[] {
      const names = new Set((runs.data.value?.items ?? []).map(({ jobName }) => jobName));
      return [...names]
        .filter((name) => isAbout({ name }, text))
        .sort()
        .slice(0, MOST);
    },
  };
}

function canBe(verb: Verb, { state }: Job): boolean {
  if (verb === 'edit' || verb === 'delete') return true;
  return STATE_FOR[verb] ? state === STATE_FOR[verb] : state !== 'invalid';
}

/** What was asked for a moment ago need not be what is typed now. */
function isAbout({ name, description = '' }: Pick<Job, 'name' | 'description'>, text: string): boolean {
  const wanted = text.toLowerCase();
  return name.toLowerCase().includes(wanted) || description.toLowerCase().includes(wanted);
}
