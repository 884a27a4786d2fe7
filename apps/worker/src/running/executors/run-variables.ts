import type { Job } from '@app/jobs';
import type { RunContext } from './executor.js';

/**
 * The variables by which a run knows itself: FLEETCRON_JOB, FLEETCRON_RUN_ID, FLEETCRON_SCHEDULED_TIME (ISO 8601, UTC),
 * FLEETCRON_ATTEMPT, FLEETCRON_FENCE; FLEETCRON_SHARD_INDEX and FLEETCRON_SHARD_TOTAL where it is sharded; and each
 * parameter as FLEETCRON_PARAM_ and its name (see `parameterVariable`).
 *
 * Throws an Error when two parameters would be the same variable.
 */
export function runVariables(job: Pick<Job, 'name' | 'params'>, context: RunContext): Record<string, string> {
  const { runId, scheduledTime, attempt, fence, shard, params } = context;
  return {
    ...parameterVariables({ ...job.params, ...params }),
    FLEETCRON_JOB: job.name,
    FLEETCRON_RUN_ID: runId,
    FLEETCRON_SCHEDULED_TIME: new Date(scheduledTime).toISOString(),
    FLEETCRON_ATTEMPT: String(attempt),
    FLEETCRON_FENCE: fence,
    ...(shard && { FLEETCRON_SHARD_INDEX: String(shard.index), FLEETCRON_SHARD_TOTAL: String(shard.total) }),
  };
}

/**
 * The variable of a parameter: the name in capitals, with everything but A to Z and 0 to 9 as an underscore
 * (`max-rows` is FLEETCRON_PARAM_MAX_ROWS), since that is what shells can read.
 */
function parameterVariable(name: string): string {
  return `FLEETCRON_PARAM_${name.toUpperCase().replace(/[^A-Z0-9]/gu, '_')}`;
}

function parameterVariables(params: Readonly<Record<string, string>>): Record<string, string> {
  const names = new Map<string, string>();
  for (const name of Object.keys(params)) {
    const variable = parameterVariable(name);
    const other = names.get(variable);
    if (other !== undefined) throw new Error(`the parameters "${other}" and "${name}" are both ${variable}`);
    names.set(variable, name);
  }
  return Object.fromEntries([...names].map(([variable, name]) => [variable, params[name] ?? '']));
}
