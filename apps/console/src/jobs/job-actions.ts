import { createJob, deleteJob, getJob, type Job, killJob, pauseJob, resumeJob, runJob } from '@fleetcron/sdk';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { ask } from '@/api/ask';
import { useFormat } from '@/format/use-format';
import { confirm } from '@/ui/confirm';
import { notifyDone, notifyProblem } from '@/ui/notify';
import { askPause, askRun, keptPauses, keptRuns, type PauseQuestion, type PauseWish, pauseKey } from './dialogs';
import { doForEach, type Outcome } from './do-for-each';
import { findUnderway, type RunsUnderway } from './running-runs';
import './words';

/** Workers a question names before it only counts them. */
const NAMED_WORKERS = 3;

/**
 * What people do to jobs, with the question before it and the word after it: the same on every page. Each resolves with
 * whether something was done (`run`: with the id of the run), and never throws: problems are told. Whoever shows the jobs
 * hears of the change by the live feed. JobDialogs must stand in the frame.
 */
export function useJobActions() {
  const { t } = useI18n();
  const router = useRouter();
  const format = useFormat();

  /** Asks for parameters and, where wanted, the worker; then for a run. Resolves with its id. */
  async function run(job: Job): Promise<string | undefined> {
    const request = await askRun(job);
    if (!request) return undefined;
    try {
      const { runId } = await ask(() => runJob({ path: { name: job.name }, body: request }));
      keptRuns.forget(job.name);
      const open = () => void router.push({ name: 'run', params: { id: runId } });
      notifyDone(t('jobActions.runAsked', { name: job.name }), { label: t('jobActions.openRun'), act: open });
      return runId;
    } catch (error) {
      notifyProblem(error, job.name);
      return undefined;
    }
  }

  /** Asks why and until when. `wish` given: does not ask. */
  async function pause(jobs: readonly Job[], wish?: PauseWish): Promise<boolean> {
    const [first] = jobs;
    if (!first) return false;
    const question: PauseQuestion = { count: jobs.length, ...(jobs.length === 1 && { name: first.name }) };
    const given = wish ?? (await askPause(question));
    if (!given) return false;
    const outcome = await doForEach(jobs, ({ name }) => ask(() => pauseJob({ path: { name }, body: given })));
    if (outcome.done.length > 0) keptPauses.forget(pauseKey(question));
    const at = given.until && format.instant(given.until);
    return tell(
      outcome,
      jobs.length > 1
        ? t('jobActions.pausedMany', outcome.done.length)
        : at
          ? t('jobActions.pausedUntil', { name: first.name, at })
          : t('jobActions.paused', { name: first.name }),
      () => void resumeAgain(outcome.done),
    );
  }

  /** At once: nothing is lost by it, and it can be undone. */
  async function resume(jobs: readonly Job[]): Promise<boolean> {
    const [first] = jobs;
    if (!first) return false;
    const outcome = await doForEach(jobs, ({ name }) => ask(() => resumeJob({ path: { name } })));
    return tell(
      outcome,
      jobs.length > 1
        ? t('jobActions.resumedMany', outcome.done.length)
        : t('jobActions.resumed', { name: first.name }),
      () => void pauseAgain(outcome.done),
    );
  }

  async function resumeAgain(jobs: readonly Job[]): Promise<void> {
    tell(await doForEach(jobs, ({ name }) => ask(() => resumeJob({ path: { name } }))));
  }

  /** As they were paused before. */
  async function pauseAgain(jobs: readonly Job[]): Promise<void> {
    const body = ({ pausedReason: reason, pausedUntil: until }: Job) => ({
      ...(reason && { reason }),
      ...(until && { until }),
    });
    tell(await doForEach(jobs, (job) => ask(() => pauseJob({ path: { name: job.name }, body: body(job) }))));
  }

  /** Says how many runs end, and where, before it kills them. */
  async function kill({ name }: Pick<Job, 'name'>): Promise<boolean> {
    try {
      const underway = await findUnderway({ name });
      if (underway.running + underway.queued === 0) {
        notifyDone(t('jobActions.killNothing', { name }));
        return false;
      }
      const consent = await confirm({
        title: killTitle(name, underway),
        text: t('jobActions.killText'),
        action: t('action.kill'),
        isDangerous: true,
        asksReason: true,
      });
      if (!consent) return false;
      const body = consent.reason ? { reason: consent.reason } : {};
      const { runIds } = await ask(() => killJob({ path: { name }, body }));
      notifyDone(t('jobActions.killed', { name }, runIds.length));
      return true;
    } catch (error) {
      notifyProblem(error, name);
      return false;
    }
  }

  function killTitle(name: string, { running, queued, workers }: RunsUnderway): string {
    if (running === 0) return t('jobActions.killQueuedTitle', { name }, queued);
    const named = workers.slice(0, NAMED_WORKERS).join(', ');
    const more = workers.length - NAMED_WORKERS;
    const where = more > 0 ? t('jobActions.moreWorkers', { workers: named }, more) : named;
    return t('jobActions.killTitle', { name, workers: where || '?' }, running);
  }

  /** Deletes what was seen, nothing newer; can be undone from the definition as it was. */
  async function remove({ name }: Pick<Job, 'name'>): Promise<boolean> {
    const consent = await confirm({
      title: t('jobActions.deleteTitle', { name }),
      text: t('jobActions.deleteText'),
      action: t('action.delete'),
      isDangerous: true,
    });
    if (!consent) return false;
    try {
      const before = await ask(() => getJob({ path: { name } }));
      await ask(() => deleteJob({ path: { name }, headers: { 'If-Match': `"${before.revision}"` } }));
      const undo = before.invalid ? undefined : () => void makeAgain(before);
      notifyDone(t('jobActions.deleted', { name }), undo);
      return true;
    } catch (error) {
      notifyProblem(error, name);
      return false;
    }
  }

  async function makeAgain(job: Job): Promise<void> {
    try {
      // With the editor's parts, which are not loaded before somebody needs them.
      const { documentOf } = await import('@/editing/job-document');
      await ask(() => createJob({ body: documentOf(job) }));
      notifyDone(t('jobActions.restored', { name: job.name }));
    } catch (error) {
      notifyProblem(error, job.name);
    }
  }

  /** Opens the editor with a copy. */
  async function clone({ name }: Pick<Job, 'name'>): Promise<void> {
    await router.push({ name: 'new-job', query: { clone: name } });
  }

  function tell({ done, failed }: Outcome<Job>, text?: string, undo?: () => void): boolean {
    const [first] = failed;
    if (!first) {
      if (text) notifyDone(text, undo);
    } else if (done.length === 0 && failed.length === 1) {
      notifyProblem(first.error, first.item.name);
    } else {
      const facts = { done: done.length, failed: failed.length, first: first.item.name };
      notifyProblem(first.error, t('jobActions.notAll', facts));
    }
    return done.length > 0;
  }

  return { run, pause, resume, kill, remove, clone };
}
