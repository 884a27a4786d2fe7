import { Run } from '@app/jobs';

/** The runs that are on their way: queued, claimed or running, as the coordination store tells. */
export interface LiveRuns {
  /** undefined where the run is not live: unknown, or ended and delivered to history. Throws StoreUnavailable. */
  find(runId: string): Promise<Run | undefined>;
  /** All of them, or those of one job, in no order. May lag by the watch. */
  list(jobName?: string): readonly Run[];
}
