import { cancelRun, killRun, type Run, rerunRun } from '@fleetcron/sdk';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { ask } from '@/api/ask';
import { doForEach, type Outcome } from '@/jobs/do-for-each';
import { confirm } from '@/ui/confirm';
import { notifyDone, notifyProblem } from '@/ui/notify';
import './words';

/** Jobs a question names before it only counts them. */
const NAMED = 3;

type Which = Pick<Run, 'id' | 'jobName' | 'status' | 'worker'>;

/**
 * What people do to runs, with the question before it and the word after it: the same on every page. Each resolves with
 * whether something was asked for, and never throws: problems are told. What comes of it is heard by the live feed.
 */
export function useRunActions() {
  const { t } = useI18n();
  const router = useRouter();

  /** Asks for a reason, then for the end of those that are running. */
  async function kill(runs: readonly Which[]): Promise<boolean> {
    const [first] = runs;
    if (!first) return false;
    const named = { job: names(runs), worker: first.worker ?? '?' };
    const consent = await confirm({
      title: t('run.killTitle', named, runs.length),
      text: t('run.killText'),
      action: t('action.kill'),
      isDangerous: true,
      asksReason: true,
    });
    if (!consent) return false;
    const body = consent.reason ? { reason: consent.reason } : {};
    const outcome = await doForEach(runs, ({ id }) => ask(() => killRun({ path: { id }, body })));
    return tell(outcome, t('run.killed', named, outcome.done.length));
  }

  /** Takes a run out of the queue. */
  async function cancel(run: Which): Promise<boolean> {
    const consent = await confirm({
      title: t('run.cancelTitle', { job: run.jobName }),
      text: t('run.cancelText'),
      action: t('run.cancelIt'),
      isDangerous: true,
    });
    if (!consent) return false;
    const outcome = await doForEach([run], ({ id }) => ask(() => cancelRun({ path: { id } })));
    return tell(outcome, t('run.cancelled'));
  }

  /** Runs their jobs again, as they are now; offers to open the run where it is one. */
  async function rerun(runs: readonly Which[]): Promise<boolean> {
    const [first] = runs;
    if (!first) return false;
    const consent = await confirm({
      title: t('run.againTitle', { job: names(runs) }, runs.length),
      text: t('run.againText'),
      action: t('run.again'),
    });
    if (!consent) return false;
    const made: string[] = [];
    const outcome = await doForEach(runs, async ({ id }) => {
      made.push((await ask(() => rerunRun({ path: { id } }))).runId);
    });
    const [only] = made;
    const open = () => void router.push({ name: 'run', params: { id: only! } });
    return tell(
      outcome,
      t('run.againAsked', { job: first.jobName }, outcome.done.length),
      made.length === 1 ? { label: t('run.open'), act: open } : undefined,
    );
  }

  function names(runs: readonly Which[]): string {
    const all = [...new Set(runs.map(({ jobName }) => jobName))];
    const shown = all.slice(0, NAMED).join(', ');
    return all.length > NAMED ? t('run.andMore', { names: shown, n: all.length - NAMED }) : shown;
  }

  function tell(outcome: Outcome<Which>, done: string, next?: { label: string; act: () => void }): boolean {
    for (const { item, error } of outcome.failed.slice(0, NAMED)) notifyProblem(error, item.jobName);
    if (outcome.done.length > 0) notifyDone(done, next);
    return outcome.done.length > 0;
  }

  return { kill, cancel, rerun };
}
