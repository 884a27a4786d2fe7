import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_TOKEN, Api } from '../support/cluster/api.js';
import { buildApps } from '../support/cluster/built-apps.js';
import { Program } from '../support/cluster/program.js';
import { seedDemo } from '../support/demo-fleet.js';
import { seedWorld, type WorldSummary } from '../support/seeded-world.js';
import { until } from '../support/until.js';

const HOME = resolve('.cache/seeded-world');

describe.each<[string, (folder: string, now: number) => Promise<WorldSummary>]>([
  ['a seeded world', (folder, now) => seedWorld(folder, { jobs: 300, runs: 2_000, days: 14, seed: 3, now })],
  ['the demo fleet', (folder, now) => seedDemo(folder, now)],
])('standalone on the folder of %s', (title, fill) => {
  const folder = `${HOME}/${title.replaceAll(' ', '-')}`;
  let standalone: Program;
  let api: Api;
  const seededAt = Date.now();
  let summary: WorldSummary;

  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const { standalone: path } = buildApps(HOME, 'standalone');
    summary = await fill(folder, seededAt);
    const environment = {
      PATH: process.env.PATH ?? '',
      FLEETCRON_DATA: folder,
      FLEETCRON_HTTP_PORT: '0',
      FLEETCRON_BOOTSTRAP_TOKEN: API_TOKEN,
    };
    standalone = new Program('standalone', path, environment, `${folder}/log`);
    await standalone.start();
    await standalone.ready();
    api = new Api(standalone.url);
  }, 240_000);

  afterAll(async () => {
    standalone.signal('SIGTERM');
    await standalone.exit();
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves all of it at once, and decides no fire of the past: no record is new', async () => {
    const before = new Date(seededAt).toISOString();
    expect((await api.get('/jobs?limit=1')).json.total).toBe(summary.jobs);
    expect(await countRuns(`to=${before}`)).toBe(summary.runs);
    // What is asked for is run after every cursor was looked at.
    const { json: page } = await api.get('/jobs?limit=1&state=paused&group=default');
    const { json: asked } = await api.post(`/jobs/${encodeURIComponent(page.items[0].name)}/run`);
    await until('the run has ended', async () => {
      const { json: run } = await api.get(`/runs/${asked.runId}`);
      return run.endTime !== undefined && run.status !== 'running';
    });
    expect(await countRuns(`to=${before}`)).toBe(summary.runs);
    expect(standalone.logged().filter(({ level }) => level >= 50)).toEqual([]);
  });

  async function countRuns(filter: string): Promise<number> {
    let count = 0;
    let cursor: string | undefined;
    do {
      const { json: page } = await api.get(`/runs?limit=500&${filter}${cursor ? `&cursor=${cursor}` : ''}`);
      count += page.items.length;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return count;
  }
});
