import { Run } from '@app/jobs';

/** Whether the text occurs, whatever its case, in the job name, the reason or the kept ends of the output. */
export function matchesSearch(run: Run, text: string): boolean {
  const wanted = text.toLowerCase();
  return [run.jobName, run.reason, run.output, run.err].some((field) => field?.toLowerCase().includes(wanted));
}
