import { isTerminal, Run } from '@app/jobs';

/** When an ended run counts as over, epoch milliseconds: retention goes by it. undefined while it has not ended. */
export function endedAt(run: Run): number | undefined {
  return isTerminal(run.status) ? (run.endTime ?? run.untilTime ?? run.scheduledTime) : undefined;
}
