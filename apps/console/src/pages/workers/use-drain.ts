import { drainWorker, listSoleJobs, type SoleJobs, undrainWorker, type Worker } from '@fleetcron/sdk';
import { useI18n } from 'vue-i18n';
import { ask } from '@/api/ask';
import { useFormat } from '@/format/use-format';
import { confirm } from '@/ui/confirm';
import { notifyDone, notifyProblem } from '@/ui/notify';
import './words';

/** Jobs a question names before it only counts them. */
const NAMED = 6;

/** Lets a worker take nothing new, and takes that back. Both tell what came of it, and never throw. */
export function useDrain() {
  const { t } = useI18n();
  const format = useFormat();

  /** Says first which jobs only this worker can run. */
  async function drain({ id: name }: Worker): Promise<void> {
    try {
      const sole = await ask(() => listSoleJobs({ path: { id: name } }));
      const consent = await confirm({
        title: t('workers.drainTitle', { name }),
        text: `${t('workers.drainText')} ${soleText(sole)}`,
        action: t('workers.drain'),
        isDangerous: sole.total > 0,
      });
      if (!consent) return;
      await ask(() => drainWorker({ path: { id: name } }));
      notifyDone(t('workers.drained', { name }), () => void undrain({ id: name }));
    } catch (error) {
      notifyProblem(error, name);
    }
  }

  async function undrain({ id: name }: Pick<Worker, 'id'>): Promise<void> {
    try {
      await ask(() => undrainWorker({ path: { id: name } }));
      notifyDone(t('workers.undrained', { name }));
    } catch (error) {
      notifyProblem(error, name);
    }
  }

  function soleText({ items, total }: SoleJobs): string {
    if (total === 0) return t('workers.drainNone');
    const named = items.slice(0, NAMED).join(format.language.value === 'zh' ? '、' : ', ');
    const more = total - Math.min(NAMED, items.length);
    const names = more > 0 ? t('workers.andMore', { names: named, n: format.count(more) }) : named;
    return t('workers.drainSole', { names }, total);
  }

  return { drain, undrain };
}
