/** What the server tells of a change, as it stands in docs/openapi.json under followEvents. */
export interface JobChange {
  readonly kind: 'job';
  readonly name: string;
  readonly change: 'changed' | 'deleted';
  readonly revision: number;
}

export interface WorkerChange {
  readonly kind: 'worker';
  readonly id: string;
  readonly change: 'changed' | 'gone';
  readonly revision: number;
}

export interface RunChange {
  readonly kind: 'run';
  readonly id: string;
  readonly jobName: string;
  readonly status:
    | 'queued'
    | 'running'
    | 'succeeded'
    | 'failed'
    | 'timedOut'
    | 'killed'
    | 'lost'
    | 'skipped'
    | 'missed'
    | 'cancelled';
  readonly scheduledTime: string;
  readonly worker?: string;
  readonly attempt: number;
  readonly revision: number;
}

export type Change = JobChange | WorkerChange | RunChange;

/** How the feed stands. `lost`: trying again; what is shown may be old. */
export type FeedState = 'connecting' | 'open' | 'lost' | 'signedOut';

/** What the feed tells a page. Changes come in batches, in order, at most the latest of each thing. */
export type FeedMessage =
  | { readonly type: 'changes'; readonly changes: readonly Change[] }
  /** Changes were lost: read again what is shown. */
  | { readonly type: 'reset' }
  | { readonly type: 'state'; readonly state: FeedState };
