/**
 * When a job fires: a pure rule over time. The same object answers the scheduler, the plan, the preview and "why did it
 * not run". Instants are epoch milliseconds, whole seconds.
 */
export interface Schedule {
  /** First fire strictly after the instant; undefined when there is none up to the year 9999. */
  next(after: number): number | undefined;
  /** Last fire strictly before the instant and strictly after `notBefore`; undefined when there is none. */
  previous(before: number, notBefore: number): number | undefined;
  /** Number of fires in (from, to]; counting stops at `limit`. */
  count(from: number, to: number, limit?: number): number;
  /** Shortest time between two fires, an estimate never above the true one, in milliseconds. */
  readonly shortestIntervalMs: number;
}
