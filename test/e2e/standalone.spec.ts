import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { uncovered } from './coverage.js';
import { dataFolder, Standalone } from './standalone.js';

const HELLO = { name: 'hello', command: 'echo hello; echo oops >&2; exit 3', cronExpr: '*/2 * * * * *' };

describe('standalone, as it was built', () => {
  const folder = dataFolder();
  let standalone: Standalone;
  let bornAt = 0;

  beforeAll(async () => {
    standalone = await Standalone.start({ folder: folder.path });
  });

  afterAll(async () => {
    await standalone?.end();
    folder.remove();
  });

  it('runs a job by its schedule, and keeps exit code and both streams', async () => {
    const since = performance.now();
    const { status, json } = await standalone.call('POST', '/jobs', HELLO);
    expect(status).toBe(201);
    bornAt = Date.parse(json.decidedUntil);
    const runs = await until('two runs and their output are in history', async () => {
      const ended = (await standalone.runsOf('hello')).filter((run) => run.output !== undefined);
      return ended.length >= 2 && ended;
    });
    console.error(`  two runs on record ${Math.round(performance.now() - since)} ms after the job was made`);
    expect(performance.now() - since).toBeLessThan(6000);
    for (const run of runs) {
      expect(run).toMatchObject({ status: 'failed', exitCode: 3, output: 'hello\n', err: 'oops\n', attempt: 1 });
    }
    const { items } = await standalone.ask('GET', `/runs/${runs[0].id}/output`);
    const textOf = (stream: string): string =>
      items
        .filter((piece: { stream: string }) => piece.stream === stream)
        .map(({ text }: { text: string }) => text)
        .join('');
    expect([textOf('stdout'), textOf('stderr')]).toEqual(['hello\n', 'oops\n']);
  });

  it('ends with 0 on SIGTERM within 15 seconds, though a job would go on for ten minutes', async () => {
    await standalone.ask('POST', '/jobs', { name: 'sleeper', command: 'sleep 600' });
    const { runId } = await standalone.ask('POST', '/jobs/sleeper/run', {});
    await until('it runs', async () => (await standalone.ask('GET', `/runs/${runId}`)).startTime !== undefined);
    const since = performance.now();
    expect(await standalone.end('SIGTERM')).toBe(0);
    console.error(`  ended ${Math.round(performance.now() - since)} ms after SIGTERM`);
    expect(performance.now() - since).toBeLessThan(15_000);
  });

  it('has jobs and history again after the next start, and accounts for each fire in between', async () => {
    const since = performance.now();
    standalone = await Standalone.start({ folder: folder.path });
    console.error(`  ready ${Math.round(performance.now() - since)} ms after its start`);
    expect(performance.now() - since).toBeLessThan(15_000);
    expect(await standalone.ask('GET', '/jobs/hello')).toMatchObject(HELLO);
    const [sleeper] = await standalone.runsOf('sleeper');
    expect(sleeper).toMatchObject({ status: 'killed', reason: 'workerShutdown' });
    const to = Date.now();
    await expect
      .poll(async () => uncovered(await standalone.runsOf('hello'), 2000, { from: bornAt, to }), { timeout: 10_000 })
      .toEqual([]);
    const query = new URLSearchParams({ from: new Date(bornAt + 1).toISOString(), to: new Date(to).toISOString() });
    const { items } = await standalone.ask('GET', `/jobs/hello/fires?${query}`);
    const statuses = new Set(items.map(({ status }: { status: string }) => status));
    expect(['failed', 'skipped', 'missed', 'killed']).toEqual(expect.arrayContaining([...statuses]));
    expect(items).toHaveLength(Math.floor(to / 2000) - Math.floor(bornAt / 2000));
  });
});
