import type { Job } from '@fleetcron/sdk';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { useJobActions } from '@/jobs/job-actions';
import { may } from '@/session/session';
import type { PaletteCommand } from './palette-commands';
import type { PaletteItem } from './palette-items';
import { VERBS, type Verb, type VerbWords } from './palette-wish';

/** A deed whose job is still to be chosen. */
interface OpenDeed extends PaletteCommand {
  readonly verb: Verb;
}

/** What the palette can do to a job: the words for it, and its lines. */
export function useDeeds() {
  const { t } = useI18n();
  const router = useRouter();
  const actions = useJobActions();
  const wordsIn = (verb: Verb, locale?: string): string[] =>
    t(`shell.verb.${verb}`, {}, locale ? { locale } : {})
      .toLowerCase()
      .split(/,\s*/);
  const mayDo = (verb: Verb): boolean =>
    verb === 'edit' || verb === 'clone' || verb === 'delete' ? may.edit.value : may.operate.value;

  const words = Object.fromEntries(
    VERBS.map((verb) => [verb, [...wordsIn(verb, 'en'), ...wordsIn(verb, 'zh')]]),
  ) as unknown as VerbWords;

  function line(verb: Verb, name: string, act: () => unknown): PaletteItem {
    return { id: `${verb} ${name}`, group: 'jobs', text: t(`shell.deed.${verb}`, { name }), act };
  }

  function on(verb: Verb, job: Job): PaletteItem {
    const { name } = job;
    const act: Readonly<Record<Verb, () => unknown>> = {
      run: () => actions.run(job),
      pause: () => actions.pause([job]),
      resume: () => actions.resume([job]),
      kill: () => actions.kill(job),
      edit: () => router.push({ name: 'edit-job', params: { name } }),
      clone: () => actions.clone(job),
      delete: () => actions.remove(job),
    };
    return line(verb, name, act[verb]);
  }

  return {
    words,
    mayDo,
    on,
    /** By its name alone: a run tells no more of its job. */
    kill: (name: string): PaletteItem => line('kill', name, () => actions.kill({ name })),
    /** What is usually wanted of a job: to run it, and to pause or resume it. */
    usual(job: Job): PaletteItem[] {
      const verbs: readonly Verb[] = ['run', job.state === 'paused' ? 'resume' : 'pause'];
      return job.state === 'invalid' ? [] : verbs.filter(mayDo).map((verb) => on(verb, job));
    },
    /** Every deed this person may do, without a job: it asks for one. */
    open: computed<readonly OpenDeed[]>(() =>
      VERBS.filter(mayDo).map((verb) => ({
        verb,
        id: `${verb}…`,
        group: 'commands',
        text: t(`shell.deedOnSome.${verb}`),
        names: [...words[verb], ...['en', 'zh'].map((locale) => t(`shell.deedOnSome.${verb}`, {}, { locale }))],
        next: `${wordsIn(verb)[0]} `,
        act: () => undefined,
      })),
    ),
  };
}
