import type { Job } from '@fleetcron/sdk';
import { useRouter } from 'vue-router';
import { useJobActions } from '@/jobs/job-actions';
import { may } from '@/session/session';
import { useKeys } from '@/shell/keys';

/** Keys on the row that has the focus: `r` runs its job, `p` pauses or resumes it, `e` edits it; for those who may. */
export function useRowKeys(rows: () => readonly Job[] | undefined): void {
  const { run, pause, resume } = useJobActions();
  const router = useRouter();

  function withJob(isAllowed: () => boolean, deed: (job: Job) => unknown): () => void {
    return () => {
      const name = document.activeElement?.closest<HTMLElement>('tr[data-key]')?.dataset.key;
      const job = rows()?.find((each) => each.name === name);
      if (job && isAllowed()) void deed(job);
    };
  }

  const mayOperate = () => may.operate.value;
  useKeys({
    r: withJob(mayOperate, (job) => job.invalid || run(job)),
    p: withJob(mayOperate, (job) => job.invalid || (job.state === 'paused' ? resume([job]) : pause([job]))),
    e: withJob(
      () => may.edit.value,
      ({ name }) => router.push({ name: 'edit-job', params: { name } }),
    ),
  });
}
