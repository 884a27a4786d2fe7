import { Run } from '@app/jobs';

/** The runs that are on their way: queued, claimed or running, as the coordination store tells. */
export interface LiveRuns {
  /** undefined where the run is not live: unknown, or ended and delivered to history. Throws StoreUnavailable. */
  find(runId: string): Promise<Run | undefined>;
  /**
   * The same as the store has it at this moment, for a run that nobody seems to know: another master may have accepted
   * it a moment ago. Walks through all that is live. Throws StoreUnavailable.
   */
  seek(runId: string): Promise<Run | undefined>;
  /** All of them, or those of one job, in no order. May lag by the watch. */
  list(jobName?: string): readonly Run[];
  /** Another number after anything was heard of a run of the job; absent where nobody can say. */
  readonly revisionOf?: (jobName: string) => number;
}
