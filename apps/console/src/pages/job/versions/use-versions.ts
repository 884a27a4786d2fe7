import { type Job, listJobVersions, restoreJobVersion } from '@fleetcron/sdk';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { ask } from '@/api/ask';
import { useRefresh } from '@/live/use-refresh';
import { confirm } from '@/ui/confirm';
import { notifyDone, notifyProblem } from '@/ui/notify';
import { useUrlText } from '@/ui/url-state';
import { changedFields, type Version, versionsOf } from './version-list';

/** The versions of a job, the two that are compared (they stand in the address), and how one is put back. */
export function useVersions(name: string, job: () => Job) {
  const { t } = useI18n();
  const query = useQuery({
    key: ['job-versions', name],
    query: () => ask(() => listJobVersions({ path: { name } })),
    staleTime: 0,
  });
  useRefresh(
    (change) => change.kind === 'job' && change.name === name,
    () => query.refetch(),
  );
  const versions = computed(() => query.data.value && versionsOf(job(), query.data.value));
  const of = (text: string) => versions.value?.find(({ revision }) => String(revision) === text);
  const from = useUrlText('from');
  const to = useUrlText('to');

  async function putBack(revision: number): Promise<void> {
    await ask(() => restoreJobVersion({ path: { name, revision: String(revision) } }));
  }

  /** Asks, naming what changes, and puts the version back; can be undone by putting back what was in force. */
  async function restore(version: Version): Promise<void> {
    const now = versions.value?.find(({ isNow }) => isNow);
    const fields = now && changedFields(now.document, version.document);
    const consent = await confirm({
      title: t('jobVersions.confirm', { name, revision: version.revision }),
      ...(fields && {
        text:
          fields.length === 0
            ? t('jobVersions.confirmSame')
            : t('jobVersions.confirmText', { fields: fields.join(', ') }),
      }),
      action: t('jobVersions.restore'),
    });
    if (!consent) return;
    try {
      await putBack(version.revision);
      const undo = () => void putBack(now?.revision ?? 0).catch((error: unknown) => notifyProblem(error, name));
      notifyDone(t('jobVersions.restored', { name, revision: version.revision }), now && undo);
    } catch (error) {
      notifyProblem(error, name);
    }
  }

  return {
    versions,
    error: query.error,
    retry: () => query.refetch(),
    /** The older of the two compared: the one asked for, else the one before the newest. */
    before: computed(() => of(from.value) ?? versions.value?.[1]),
    after: computed(() => of(to.value) ?? versions.value?.[0]),
    compare: (one: number, other?: number) => {
      from.value = String(one);
      to.value = other === undefined ? '' : String(other);
    },
    restore,
  };
}
