import { createJob, type JobDocument, runJob } from '@fleetcron/sdk';
import { ask } from '@/api/ask';
import { ApiProblem } from '@/api/problem';

const NAME = 'sample-hello';

/** Prints what a run is told, in colours, and takes long enough to be watched. */
const COMMAND = String.raw`printf '\033[1mHello from fleetcron\033[0m\n'
printf 'I am \033[36m%s\033[0m, attempt %s, on \033[36m%s\033[0m\n' "$FLEETCRON_JOB" "$FLEETCRON_ATTEMPT" "$(hostname)"
printf 'planned for %s\n' "$FLEETCRON_SCHEDULED_TIME"
for n in 1 2 3; do
  printf '  \033[33mstep %s of 3\033[0m\n' "$n"
  sleep 1
done
echo 'this line went to stderr' >&2
printf '\033[32mdone\033[0m\n'`;

function sampleJob(description: string): JobDocument {
  return { name: NAME, description, labels: { sample: 'yes' }, cronExpr: '* * * * *', command: COMMAND };
}

/** Makes the sample, unless it is there already, and asks for a run of it. Gives the id of the run. Throws ApiProblem. */
export async function makeAndRunSample(description: string): Promise<string> {
  try {
    await ask(() => createJob({ body: sampleJob(description) }));
  } catch (error) {
    const isThere = error instanceof ApiProblem && error.status === 409;
    if (!isThere) throw error;
  }
  const { runId } = await ask(() => runJob({ path: { name: NAME }, body: {} }));
  return runId;
}
