import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_TOKEN, Api } from '../support/cluster/api.js';
import { buildApps } from '../support/cluster/built-apps.js';
import { Program } from '../support/cluster/program.js';
import { until } from '../support/until.js';

const HOME = resolve('.cache/standalone');

describe('standalone on its embedded stores', () => {
  let standalone: Program;

  beforeAll(() => {
    rmSync(`${HOME}/data`, { recursive: true, force: true });
    mkdirSync(`${HOME}/data`, { recursive: true });
    const { standalone: path } = buildApps(HOME, 'standalone');
    const environment = {
      PATH: process.env.PATH ?? '',
      FLEETCRON_STORE: `embedded:${HOME}/data`,
      FLEETCRON_HISTORY: `embedded:${HOME}/data`,
      FLEETCRON_DATA: `${HOME}/data`,
      FLEETCRON_HTTP_PORT: '0',
      FLEETCRON_BOOTSTRAP_TOKEN: API_TOKEN,
    };
    standalone = new Program('standalone', path, environment, `${HOME}/data/log`);
  }, 240_000);

  afterAll(async () => {
    standalone.signal('SIGTERM');
    await standalone.exit();
  });

  it('fires the jobs it had before: after an orderly stop, and after none', async () => {
    const file = `${HOME}/data/fired`;
    await standalone.start();
    await standalone.ready();
    const command = `echo $FLEETCRON_SCHEDULED_TIME >>${file}`;
    await new Api(standalone.url).post('/jobs', { name: 'tick', command, cronExpr: '* * * * * *' });
    await until('it fires', () => firesIn(file).length > 1);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      standalone.signal(signal);
      await standalone.exit();
      const startedAt = Date.now();
      await standalone.start();
      await until(`it fires after ${signal}`, () => firesIn(file).some((at) => at > startedAt), 20_000);
    }
    const fires = firesIn(file);
    expect(new Set(fires).size).toBe(fires.length);
  }, 90_000);
});

function firesIn(file: string): number[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => Date.parse(line));
}
