/** The page that shows more of a warning. */
export function pageOfWarning(code: string): 'workers' | 'cluster' {
  return ['noWorker', 'workerUnwell', 'mixedTimeZones', 'noEligibleWorker'].includes(code) ? 'workers' : 'cluster';
}
