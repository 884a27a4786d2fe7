import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { language, toggleLanguage } from '@/i18n/language';
import { exportMatching, type FileFormat } from '@/jobs/export-jobs';
import { may } from '@/session/session';
import { isDark, theme } from '@/theme/theme';
import { notifyProblem } from '@/ui/notify';
import type { PaletteItem } from './palette-items';

/** A line of the palette that needs no job, with everything it is found by, in both languages. */
export interface PaletteCommand extends PaletteItem {
  readonly names: readonly string[];
}

const PLACES = ['overview', 'jobs', 'runs', 'plan', 'workers', 'cluster', 'settings'] as const;
const LANGUAGES = ['en', 'zh'] as const;

/** Pages, what can be done to all jobs, theme and language: what this person may, in the order it is shown. */
export function usePaletteCommands() {
  const { t } = useI18n();
  const router = useRouter();
  const inBoth = (say: (locale: string) => string): string[] => LANGUAGES.map(say);
  const also = (key: string): string[] => inBoth((locale) => t(`shell.also.${key}`, {}, { locale }));

  function command(id: string, key: string, kind: string, act: () => unknown): PaletteCommand {
    const names = [...inBoth((locale) => t(key, {}, { locale })), ...also(kind)];
    return { id, group: 'commands', text: t(key), names, act };
  }

  function place(name: (typeof PLACES)[number]): PaletteCommand {
    const say = (locale: string): string => t('shell.goTo', { page: t(`nav.${name}`, {}, { locale }) }, { locale });
    return {
      id: name,
      group: 'commands',
      text: say(language.value),
      names: [...inBoth(say), ...also(name)],
      act: () => router.push({ name }),
    };
  }

  function save(format: FileFormat): Promise<void> {
    return exportMatching({}, format).catch((error: unknown) => notifyProblem(error));
  }

  return computed<readonly PaletteCommand[]>(() => [
    ...PLACES.map(place),
    ...(may.edit.value
      ? [
          command('new', 'shell.newJob', 'new', () => router.push({ name: 'new-job' })),
          command('import', 'shell.importJobs', 'import', () => router.push({ name: 'jobs', query: { import: '1' } })),
        ]
      : []),
    command('export-yaml', 'shell.exportYaml', 'export', () => save('yaml')),
    command('export-json', 'shell.exportJson', 'export', () => save('json')),
    isDark.value
      ? command('light', 'shell.toLight', 'theme', () => (theme.value = 'light'))
      : command('dark', 'shell.toDark', 'theme', () => (theme.value = 'dark')),
    ...(theme.value === 'system' ? [] : [command('system', 'shell.toSystem', 'theme', () => (theme.value = 'system'))]),
    command('language', 'shell.languageLabel', 'language', toggleLanguage),
  ]);
}
