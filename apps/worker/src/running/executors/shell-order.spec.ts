import { type Job, parseJobDocument } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import { allowedEnvironment } from './allowed-environment.js';
import type { RunContext } from './executor.js';
import { buildShellOrder } from './shell-order.js';

const CONTEXT: RunContext = {
  runId: 'abc.1',
  session: 's1',
  holdsLock: true,
  notAfterBootMs: 1234,
  scheduledTime: Date.UTC(2026, 10, 20, 1),
  attempt: 1,
  fence: '0000000042',
};
const INHERITED = { PATH: '/bin', HOME: '/var/lib/worker', USER: 'worker', SHELL: '/bin/bash', TZ: 'UTC' };

function job(fields: Record<string, unknown> = {}): Job {
  return parseJobDocument({ name: 'backup', command: 'tar c /data', ...fields }).job;
}

describe('the order of a shell job', () => {
  it('is its shell with the command appended, and its limits in milliseconds', () => {
    const order = buildShellOrder(
      job({ timeoutSeconds: 5, killGraceSeconds: 2, lostAfterSeconds: 90, workingDirectory: '/srv' }),
      CONTEXT,
      {},
    );
    expect(order).toMatchObject({
      runId: 'abc.1',
      jobName: 'backup',
      session: 's1',
      holdsLock: true,
      notAfterBootMs: 1234,
      argv: ['/bin/sh', '-c', 'tar c /data'],
      timeoutMs: 5_000,
      killGraceMs: 2_000,
      ownershipGraceMs: 90_000,
      workingDirectory: '/srv',
    });
    expect(buildShellOrder(job({ shell: ['/bin/bash', '-euc'] }), CONTEXT, {}).argv[1]).toBe('-euc');
    expect(buildShellOrder(job(), CONTEXT, {}).timeoutMs).toBeUndefined();
  });

  it('tells the run who it is', () => {
    expect(buildShellOrder(job(), { ...CONTEXT, shard: { index: 0, total: 4 } }, {}).env).toEqual({
      FLEETCRON_JOB: 'backup',
      FLEETCRON_RUN_ID: 'abc.1',
      FLEETCRON_SCHEDULED_TIME: '2026-11-20T01:00:00.000Z',
      FLEETCRON_ATTEMPT: '1',
      FLEETCRON_FENCE: '0000000042',
      FLEETCRON_SHARD_INDEX: '0',
      FLEETCRON_SHARD_TOTAL: '4',
    });
  });

  it('passes parameters as variables a shell can read; those of the run go before the defaults', () => {
    const { env } = buildShellOrder(
      { ...job(), params: { 'max-rows': '10', mode: 'full' } },
      { ...CONTEXT, params: { mode: 'quick', 'ünicode.x': 'y' } },
      {},
    );
    expect(env).toMatchObject({
      FLEETCRON_PARAM_MAX_ROWS: '10',
      FLEETCRON_PARAM_MODE: 'quick',
      FLEETCRON_PARAM__NICODE_X: 'y',
    });
  });

  it('is none where two parameters would be the same variable', () => {
    const build = (): unknown => buildShellOrder(job(), { ...CONTEXT, params: { 'a-b': '1', a_b: '2' } }, {});
    expect(build).toThrow('the parameters "a-b" and "a_b" are both FLEETCRON_PARAM_A_B');
  });

  it('lets the job override what is inherited, but nobody what the run is', () => {
    const { env } = buildShellOrder(
      { ...job(), env: { PATH: '/opt/bin', FLEETCRON_RUN_ID: 'forged' } },
      { ...CONTEXT, secrets: { TOKEN: 'x', FLEETCRON_FENCE: 'forged' } },
      INHERITED,
    );
    expect(env).toMatchObject({
      PATH: '/opt/bin',
      TOKEN: 'x',
      FLEETCRON_RUN_ID: 'abc.1',
      FLEETCRON_FENCE: '0000000042',
    });
  });

  it("under another user has that user's names, and no home of the worker", () => {
    const { env, user } = buildShellOrder(job({ user: 'alice' }), CONTEXT, INHERITED);
    expect(user).toBe('alice');
    expect(env).toMatchObject({ PATH: '/bin', TZ: 'UTC', USER: 'alice', LOGNAME: 'alice' });
    expect(Object.keys(env)).not.toContain('HOME');
    expect(Object.keys(env)).not.toContain('SHELL');
  });
});

describe('the environment of the worker', () => {
  it('reaches a run only where it was allowed', () => {
    const environment = {
      PATH: '/bin',
      FLEETCRON_ADMIN_PASSWORD: 'secret',
      HTTP_PROXY: 'p',
      AWS_SECRET_ACCESS_KEY: 's',
    };
    expect(allowedEnvironment(environment)).toEqual({ PATH: '/bin' });
    expect(allowedEnvironment(environment, ['HTTP_PROXY', 'ABSENT'])).toEqual({ PATH: '/bin', HTTP_PROXY: 'p' });
  });
});
