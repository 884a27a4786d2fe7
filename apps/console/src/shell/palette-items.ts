import { type Job, type JobPage, listJobs } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed, type Ref, ref, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { ask } from '@/api/ask';
import { toggleLanguage } from '@/i18n/language';
import { useJobActions } from '@/jobs/job-actions';
import { may } from '@/session/session';
import { isDark, toggleTheme } from '@/theme/theme';

/** One line of the command palette. */
export interface PaletteItem {
  readonly id: string;
  readonly group: 'jobs' | 'commands';
  readonly text: string;
  readonly hint?: string;
  readonly act: () => unknown;
}

const PLACES = ['overview', 'jobs', 'runs', 'plan', 'workers', 'cluster', 'settings'] as const;
const WAIT_MS = 120;

/** What the palette offers for a text: jobs that match, what can be done to the best of them, and commands. */
export function usePaletteItems(text: Ref<string>, isOpen: Ref<boolean>) {
  const { t } = useI18n();
  const router = useRouter();
  const actions = useJobActions();
  const search = ref('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(text, (now) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      search.value = now.trim();
    }, WAIT_MS);
  });
  const jobs = useQuery({
    key: () => ['palette', search.value],
    query: () => ask(() => listJobs({ query: { search: search.value, limit: 8, recentRuns: 0 } })),
    enabled: () => isOpen.value && search.value !== '',
    placeholderData: (previous: JobPage | undefined) => previous,
  });

  function deedsOn(job: Job): PaletteItem[] {
    if (!may.operate.value || job.state === 'invalid') return [];
    const { name } = job;
    return [
      { id: `run ${name}`, group: 'jobs', text: t('shell.runJob', { name }), act: () => actions.run(job) },
      job.state === 'paused'
        ? {
            id: `resume ${name}`,
            group: 'jobs',
            text: t('shell.resumeJob', { name }),
            act: () => actions.resume([job]),
          }
        : { id: `pause ${name}`, group: 'jobs', text: t('shell.pauseJob', { name }), act: () => actions.pause([job]) },
    ];
  }

  const commands = computed<PaletteItem[]>(() => [
    ...PLACES.map((name) => ({
      id: name,
      group: 'commands' as const,
      text: t('shell.goTo', { page: t(`nav.${name}`) }),
      act: () => router.push({ name }),
    })),
    ...(may.edit.value
      ? [
          {
            id: 'new',
            group: 'commands' as const,
            text: t('shell.newJob'),
            act: () => router.push({ name: 'new-job' }),
          },
        ]
      : []),
    { id: 'theme', group: 'commands', text: t(isDark.value ? 'shell.toLight' : 'shell.toDark'), act: toggleTheme },
    { id: 'language', group: 'commands', text: t('shell.languageLabel'), act: toggleLanguage },
  ]);

  return computed<PaletteItem[]>(() => {
    const wanted = text.value.trim().toLowerCase();
    const found = wanted === '' ? [] : (jobs.data.value?.items ?? []);
    const [best] = found;
    return [
      ...found.map((job) => ({
        id: `job ${job.name}`,
        group: 'jobs' as const,
        text: job.name,
        hint: job.description,
        act: () => router.push({ name: 'job', params: { name: job.name } }),
      })),
      ...(best ? deedsOn(best) : []),
      ...commands.value.filter((command) => command.text.toLowerCase().includes(wanted)),
    ];
  });
}
