import type { StartOrder } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import { CannotStart } from './cannot-start.js';
import { planSpawn } from './spawn-plan.js';
import { SystemUsers } from './system-user.js';

const ORDER: StartOrder = {
  runId: 'r',
  jobName: 'j',
  session: 's',
  holdsLock: true,
  ownershipGraceMs: 0,
  notAfterBootMs: 0,
  argv: ['/bin/sh', '-c', 'true'],
  env: { A: '1' },
  killGraceMs: 0,
  outputLimitBytes: 0,
};
const ALICE = { name: 'alice', uid: 1000, gid: 1000, groups: [1000], home: '/home/alice' };
const MEMBER = { ...ALICE, groups: [1000, 27] };
const ROOT = { uid: 0, setpriv: '/usr/bin/setpriv' };

describe('how an order is started', () => {
  it('is as ordered when no user is named', () => {
    expect(planSpawn(ORDER, undefined, ROOT)).toEqual({
      argv: ORDER.argv,
      env: { A: '1', FLEETCRON_RUN_ID: 'r' },
    });
  });

  it('is by a shell that goes to its folder first', () => {
    const { argv } = planSpawn({ ...ORDER, workingDirectory: '/srv/a b' }, undefined, ROOT);
    expect(argv).toEqual(['/bin/sh', '-c', expect.stringContaining('cd'), 'sh', '/srv/a b', ...ORDER.argv]);
  });

  it.each([
    ['/opt/tool/bin/sh', ['/bin/sh', '-c', 'exec "$@"', 'sh', '/opt/tool/bin/sh']],
    ['/usr/bin/python3', ['/usr/bin/python3']],
    ['python3', ['python3']],
  ])('is by a shell for a program that may be out of reach: %s', (program, argv) => {
    expect(planSpawn({ ...ORDER, argv: [program] }, undefined, ROOT).argv).toEqual(argv);
  });

  it('is with uid, gid and home of a user without further groups', () => {
    const plan = planSpawn({ ...ORDER, user: 'alice' }, ALICE, { uid: 0 });
    expect(plan).toMatchObject({ argv: ORDER.argv, uid: 1000, gid: 1000, env: { HOME: '/home/alice', A: '1' } });
  });

  it('is through setpriv for a user with further groups, which Node would drop', () => {
    const plan = planSpawn({ ...ORDER, user: 'alice' }, MEMBER, ROOT);
    const change = ['/usr/bin/setpriv', '--reuid=1000', '--regid=1000', '--groups=1000,27', '--'];
    expect(plan.argv).toEqual([...change, ...ORDER.argv]);
    expect(plan.uid).toBeUndefined();
  });

  it('changes nothing for the user we are already', () => {
    expect(planSpawn({ ...ORDER, user: 'alice' }, MEMBER, { uid: 1000 }).argv).toEqual(ORDER.argv);
  });

  it.each([
    ['an unknown user', undefined, ROOT, /there is no user "alice"/],
    ['another user without being root', ALICE, { uid: 33 }, /only a worker that runs as root/],
    ['further groups without setpriv', MEMBER, { uid: 0 }, /setpriv \(util-linux\) is not installed/],
  ])('is refused for %s', (_, user, means, message) => {
    const plan = (): unknown => planSpawn({ ...ORDER, user: 'alice' }, user, means);
    expect(plan).toThrow(CannotStart);
    expect(plan).toThrow(message);
  });
});

describe('a system user', () => {
  it('is found by name, with groups and home', async () => {
    const root = await new SystemUsers().find('root');
    expect(root).toMatchObject({ uid: 0, gid: 0, home: '/root' });
    expect(root?.groups).toContain(0);
  });

  it.each(['no-such-user-here', '0', '$(id)', '-u', 'a b', ''])('is not found for %j', async (name) => {
    expect(await new SystemUsers().find(name)).toBeUndefined();
  });

  it('is asked for again after the system did not answer, and that is said', async () => {
    const answers = [Promise.reject(new Error('timed out')), Promise.resolve(ALICE)];
    const users = new SystemUsers(() => answers.shift()!);
    const refusals = await Promise.allSettled([users.find('alice'), users.find('alice')]);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ reason: new CannotStart('the user "alice" could not be looked up: timed out') });
    }
    expect(await users.find('alice')).toBe(ALICE);
  });

  it('is looked up once a minute', async () => {
    let asked = 0;
    const users = new SystemUsers(async () => {
      asked += 1;
      return ALICE;
    });
    expect([await users.find('alice'), await users.find('alice'), asked]).toEqual([ALICE, ALICE, 1]);
  });
});
