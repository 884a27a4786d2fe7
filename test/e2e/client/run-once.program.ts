// A program as a user would write it: makes a job, runs it by hand, and prints how that ended and what it wrote.
import { connect, createJob, getRun, getRunOutput, type Run, runJob } from '../../../packages/sdk/src/index.js';

const [url = '', token = ''] = process.argv.slice(2);
const client = connect({ url, token });

const { data: job } = await createJob({
  client,
  body: { name: 'by-client', command: 'echo "hello from $FLEETCRON_JOB"' },
  throwOnError: true,
});
const { data: accepted } = await runJob({ client, path: { name: job.name }, throwOnError: true });
const run = await ended(accepted.runId);
const { data: output } = await getRunOutput({ client, path: { id: run.id }, throwOnError: true });
const again = await createJob({ client, body: { name: 'by-client', command: 'true' } });

process.stdout.write(JSON.stringify({ run, output, again: again.error }));

async function ended(id: string): Promise<Run> {
  for (;;) {
    const { data } = await getRun({ client, path: { id } });
    if (data?.endTime) return data;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
