import { type BulkAction, type BulkResult, bulkJobs } from '@fleetcron/sdk';
import { ref, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { ask } from '@/api/ask';
import { problemOf } from '@/api/problem';
import { said } from '@/i18n/said';
import { askPause, type PauseWish } from '@/jobs/dialogs';
import { confirm } from '@/ui/confirm';
import { notifyDone } from '@/ui/notify';
import './words';

export type BulkDeed = BulkAction['action'];

/** What was not done, and why. */
export interface NotDone {
  readonly name: string;
  readonly why: string;
}

/** What came of a bulk action that did not reach every job. */
export interface BulkReport {
  readonly deed: BulkDeed;
  readonly done: number;
  readonly failed: readonly NotDone[];
}

/** Jobs one request is made for: the answer comes before anybody doubts it, and progress can be shown. */
const SLICE = 100;

/** Does one thing to many jobs: asks with its effect and the number, says how far it is, and tells what failed, job by job. */
export function useBulk() {
  const { t } = useI18n();
  /** How many are dealt with, of how many, while it goes on. */
  const progress = ref<{ readonly done: number; readonly of: number }>();
  /** Shown until it is closed. */
  const report = shallowRef<BulkReport>();

  async function consentTo(deed: BulkDeed, count: number): Promise<PauseWish | undefined> {
    if (deed === 'pause') return askPause({ count });
    const consent = await confirm({
      title: t(`jobs.${deed}Title`, count),
      text: t(`jobs.${deed}Text`),
      action: t(`action.${deed}`),
      isDangerous: deed === 'delete' || deed === 'kill',
      asksReason: deed === 'kill',
    });
    return consent && (consent.reason ? { reason: consent.reason } : {});
  }

  /** Resolves with the names it was done to; none where the person said no. Never throws. */
  async function act(deed: BulkDeed, names: readonly string[]): Promise<readonly string[]> {
    const wish = await consentTo(deed, names.length);
    if (!wish) return [];
    const { done, failed } = await carryOut(deed, names, wish);
    if (failed.length > 0) {
      report.value = { deed, done: done.length, failed };
    } else {
      const undo = deed === 'pause' ? () => void undoPause(done) : undefined;
      notifyDone(t(`jobs.${deed}Done`, done.length), undo);
    }
    return done;
  }

  async function undoPause(names: readonly string[]): Promise<void> {
    const { done, failed } = await carryOut('resume', names, {});
    if (failed.length > 0) report.value = { deed: 'resume', done: done.length, failed };
  }

  async function carryOut(deed: BulkDeed, names: readonly string[], wish: PauseWish) {
    progress.value = { done: 0, of: names.length };
    const outcome = await inSlices(
      names,
      (slice) => ask(() => bulkJobs({ body: { action: deed, names: [...slice], ...wish } })),
      (done) => {
        progress.value = { done, of: names.length };
      },
    );
    progress.value = undefined;
    return outcome;
  }

  return { act, progress, report };
}

/** Slice by slice; when a slice fails as a whole, it and the rest are told as not done: the cause would be the same. */
export async function inSlices(
  names: readonly string[],
  deed: (slice: readonly string[]) => Promise<BulkResult>,
  tell: (done: number) => void = () => undefined,
): Promise<{ readonly done: readonly string[]; readonly failed: readonly NotDone[] }> {
  const done: string[] = [];
  const failed: NotDone[] = [];
  for (let at = 0; at < names.length; at += SLICE) {
    try {
      const { items } = await deed(names.slice(at, at + SLICE));
      for (const { name, isDone, text, code } of items) {
        if (isDone) done.push(name);
        else failed.push({ name, why: text ? said(text) : (code ?? '') });
      }
    } catch (error) {
      const why = problemOf(error).detail;
      failed.push(...names.slice(at).map((name) => ({ name, why })));
      break;
    }
    tell(done.length + failed.length);
  }
  return { done, failed };
}
