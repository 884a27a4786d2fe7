import { StoredJob } from '@app/jobs';

/** All jobs at once, from memory: for the plan, the groups and the export. May lag by the watch. */
export interface JobCatalog {
  /** In no order. Cheap to start, so that a reader may stop in the middle. */
  all(): Iterable<StoredJob>;
}
