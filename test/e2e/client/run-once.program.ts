// A program as a user would write it: makes a job, runs it by hand, and prints how that ended and what it wrote.
import {
  connect,
  createJob,
  getRun,
  getRunOutput,
  type Output,
  type Run,
  runJob,
} from '../../../packages/sdk/src/index.js';

const [url = '', token = ''] = process.argv.slice(2);
const client = connect({ url, token });

const { data: job } = await createJob({
  client,
  body: { name: 'by-client', command: 'echo "hello from $FLEETCRON_JOB"' },
  throwOnError: true,
});
const { data: accepted } = await runJob({ client, path: { name: job.name }, throwOnError: true });
const run = await ended(accepted.runId);
const output = await outputOf(accepted.runId);
const again = await createJob({ client, body: { name: 'by-client', command: 'true' } });

process.stdout.write(JSON.stringify({ run, output, again: again.error }));

async function ended(id: string): Promise<Run> {
  for (;;) {
    const { data } = await getRun({ client, path: { id } });
    if (data?.endTime) return data;
    await aMoment();
  }
}

/** All of it: it reaches history a moment after the run has ended. */
async function outputOf(id: string): Promise<Output> {
  for (;;) {
    const { data } = await getRunOutput({ client, path: { id } });
    if (data?.isComplete) return data;
    await aMoment();
  }
}

function aMoment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
