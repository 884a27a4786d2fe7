import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchMachine } from '../../../../test/support/machine-stalls.js';
import { isAlive, survivors } from '../../../../test/support/processes.js';
import { RunHostRig } from '../../../../test/support/run-host-rig.js';
import type { RunWitness } from '../../../../test/support/run-witness.js';
import { until } from '../../../../test/support/until.js';
import { journalFolder } from './journal/journal-folder.js';
import { findFamily } from './processes/family.js';
import { readProcessTable } from './processes/process-table.js';
import { type SupervisedRunHost, SupervisorFailed } from './supervised-run-host.js';

let rig: RunHostRig;
let host: SupervisedRunHost;
let witness: RunWitness;
const run: RunHostRig['run'] = (script, changes) => rig.run(script, changes);

beforeEach(async () => {
  rig = await RunHostRig.open();
  ({ host, witness } = rig);
});

afterEach(() => rig.close());

describe('a run that ends by itself', () => {
  it('speaks on both streams and ends with its exit code', async () => {
    const id = run('echo out; echo err >&2; exit 3');
    const end = await witness.end(id);
    expect(end).toMatchObject({ exitCode: 3, outputBytes: 8, outputTruncated: false });
    expect(end).toMatchObject({ outputTail: 'out\n', errTail: 'err\n' });
    expect(end.killedFor).toBeUndefined();
    expect(end.endTime).toBeGreaterThanOrEqual(end.startTime);
    expect(witness.bytes(id).toString()).toBe('out\n');
    expect(witness.bytes(id, 'stderr').toString()).toBe('err\n');
  });

  it.each([
    ['exit 0', 0, undefined],
    ['exit 255', 255, undefined],
    ['/nowhere/at/all', 127, undefined],
    ['/etc/passwd', 126, undefined],
    ['kill -KILL $$', undefined, 'SIGKILL'],
    ['kill -SEGV $$', undefined, 'SIGSEGV'],
    ['kill -TERM $$', undefined, 'SIGTERM'],
  ])('says how: %s', async (script, exitCode, signal) => {
    const end = await witness.end(run(script));
    expect([end.exitCode, end.signal, end.killedFor]).toEqual([exitCode, signal, undefined]);
  });

  it('is over although a process it left behind holds its output open, and that process lives on', async () => {
    const id = run('sleep 60 & echo left $!');
    const end = await witness.end(id);
    const left = Number(/left (\d+)/.exec(end.outputTail)?.[1]);
    expect(end.exitCode).toBe(0);
    expect(isAlive(left)).toBe(true);
    process.kill(left, 'SIGKILL');
  });

  it('is over although a process it left behind goes on writing', async () => {
    const id = run('while :; do echo again; sleep 0.01; done & exit 7');
    expect(await witness.end(id)).toMatchObject({ exitCode: 7 });
    await until('the writer to die of its closed pipe', async () => (await survivors(id)).length === 0);
  });

  it('may close its output long before it ends', async () => {
    const id = run('echo first; exec >&- 2>&-; sleep 0.2; exit 4');
    expect(await witness.end(id)).toMatchObject({ exitCode: 4, outputTail: 'first\n' });
  });

  it('may leave zombies', async () => {
    const id = run('sleep 0.05 & sleep 0.05 & exec sleep 0.3');
    expect(await witness.end(id)).toMatchObject({ exitCode: 0 });
  });
});

describe('the surroundings of a run', () => {
  it('are exactly what the order says', async () => {
    const env = { ONLY: 'this', FLEETCRON_RUN_ID: 'exact' };
    const id = run('', { runId: 'exact', argv: ['/usr/bin/env'], env });
    await witness.end(id);
    expect(witness.bytes(id).toString().trim().split('\n').sort()).toEqual(['FLEETCRON_RUN_ID=exact', 'ONLY=this']);
  });

  it('are its working directory, its own session, and nothing on standard input', async () => {
    const folder = join(rig.dataFolder, 'with blank');
    await mkdir(folder);
    const id = run('pwd; cut -d" " -f6 /proc/$$/stat; echo $$; cat', { workingDirectory: folder });
    await witness.end(id);
    const [cwd, session, pid] = witness.bytes(id).toString().trim().split('\n');
    expect([cwd, session]).toEqual([folder, pid]);
  });

  it('hold no open file of ours', async () => {
    const id = run('', { argv: ['/bin/ls', '-l', '/proc/self/fd'] });
    await witness.end(id);
    const descriptors = witness.bytes(id).toString();
    expect(descriptors).not.toContain('journal');
    expect(descriptors).not.toContain('socket:');
    expect(descriptors.match(/ [12] -> pipe:/g)).toHaveLength(2);
  });

  it.runIf(process.getuid?.() === 0)('are those of another user, with its groups and home', async () => {
    const id = run('id -un; id -ru; id -G; echo $HOME', { user: 'nobody' });
    await witness.end(id);
    const [name, uid, groups, home] = witness.bytes(id).toString().trim().split('\n');
    expect(name).toBe('nobody');
    expect(Number(uid)).toBeGreaterThan(0);
    expect(groups?.split(' ')).not.toContain('0');
    expect(home).toMatch(/^\/.+/);
  });
});

describe('an order whose shell finds that it cannot be started', () => {
  it.each([
    ['a working directory that is not there', { workingDirectory: '/nowhere' }, 126, /cd.* \/nowhere/],
    ['a program that is not there', { argv: ['/nowhere/sh'] }, 127, /\/nowhere\/sh: not found/],
    ['a program that is none', { argv: ['/etc/passwd'] }, 126, /\/etc\/passwd: Permission denied/],
  ])('fails, and its output says why: %s', async (_, changes, exitCode, words) => {
    const end = await witness.end(run('true', changes));
    expect(end).toMatchObject({ exitCode });
    expect(end.errTail).toMatch(words);
  });
});

describe('an order that cannot be started', () => {
  it.each([
    ['a program that is not there', { argv: ['/usr/nowhere/sh'] }, /no such program/],
    ['a program that is none', { argv: ['/usr/share'] }, /may not be executed/],
    ['an unknown user', { user: 'nobody-of-that-name' }, /no user "nobody-of-that-name"/],
    ['a user name that is a trick', { user: '$(reboot)' }, /no user/],
    ['a NUL byte', { argv: ['/bin/sh', '-c', 'a\0b'] }, /null bytes/],
    ['3 MB of arguments', { argv: ['/bin/sh', '-c', 'x'.repeat(3_000_000)] }, /E2BIG/],
  ])('is refused: %s', async (_, changes, detail) => {
    const refusal = await witness.refusal(run('true', changes));
    expect(refusal).toMatchObject({ why: 'spawn' });
    expect(refusal.detail).toMatch(detail);
  });

  it('is refused when its time has passed', async () => {
    const refusal = await witness.refusal(run('true', { notAfterBootMs: uptime() * 1000 - 100 }));
    expect(refusal).toMatchObject({ why: 'tooLate' });
  });

  it('is refused when it is killed before it starts', async () => {
    const id = run('sleep 60');
    host.kill(id);
    expect(await witness.refusal(id)).toMatchObject({ why: 'killed' });
  });

  it('is refused after the host was closed', async () => {
    await host.close(0);
    expect(await witness.refusal(run('true'))).toMatchObject({ why: 'closing' });
  });
});

describe('a host', () => {
  it('does not open on a folder whose journal cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleetcron-broken-'));
    // A file where the folder should be.
    await writeFile(join(folder, 'journal'), '');
    await expect((await RunHostRig.host(folder)).open()).rejects.toBeInstanceOf(SupervisorFailed);
    await rm(folder, { recursive: true });
  });
});

describe('a kill', () => {
  it('is TERM first: a run may end in its own way', async () => {
    const id = run('trap "echo bye; exit 9" TERM; echo ready; while :; do sleep 0.01; done', { killGraceMs: 5_000 });
    await witness.said(id, 'ready');
    host.kill(id);
    host.kill(id);
    expect(await witness.end(id)).toMatchObject({ exitCode: 9, killedFor: 'asked', outputTail: 'ready\nbye\n' });
  });

  it.each([
    ['ignores TERM', 'trap "" TERM; echo ready; while :; do sleep 1; done'],
    ['has children that ignore TERM', '(trap "" TERM; echo ready; while :; do sleep 1; done) & wait'],
    ['forks twice', '( (echo ready; sleep 60) & ) ; sleep 60'],
    ['calls setsid', 'setsid sh -c "echo ready; sleep 60" & sleep 60'],
    ['calls setsid, forks twice and lets its parent die', '(setsid sh -c "(sleep 60 &) ; echo ready" &) ; sleep 60'],
    ['calls setsid and clears its environment', 'setsid env -i /bin/sh -c "echo ready; exec sleep 60" & sleep 60'],
    ['replaces itself with a cleared environment', 'echo ready; exec env -i /bin/sleep 60'],
    ['stops itself', 'echo ready; kill -STOP $$'],
    ['is a pipeline', 'yes ready | cat'],
    ['leaves zombies', 'perl -e \'$|=1; for (1..5) { fork or exit } print "ready\\n"; sleep 60\''],
    ['has closed its output', 'echo ready; exec >&- 2>&-; sleep 60'],
  ])('leaves nothing of a run that %s', async (_, script) => {
    const id = run(script);
    const pid = await witness.start(id);
    await witness.said(id, 'ready');
    const sleepers = await familyOf(pid);
    host.kill(id);
    expect(await witness.end(id)).toMatchObject({ killedFor: 'asked' });
    expect(await survivors(id)).toEqual([]);
    expect(sleepers.filter(isAlive)).toEqual([]);
  });

  it('has no effect on a run that is over, or unknown', async () => {
    const id = run('exit 0');
    await witness.end(id);
    host.kill(id);
    host.kill('nobody');
    expect(await witness.end(run('echo still here'))).toMatchObject({ exitCode: 0 });
  });

  it('comes by itself when the timeout is over', async () => {
    const id = run('sleep 60', { timeoutMs: 100 });
    expect(await witness.end(id)).toMatchObject({ killedFor: 'timeout', signal: 'SIGTERM' });
  });

  it('comes for every run when the host closes', async () => {
    const ids = [run('trap "" TERM; echo ready; sleep 60'), run('echo ready; sleep 60')];
    for (const id of ids) await witness.said(id, 'ready');
    const supervisor = host.supervisorPid ?? Number.NaN;
    await host.close(100);
    for (const id of ids) {
      expect(witness.ends.get(id)).toMatchObject({ killedFor: 'asked' });
      expect(await survivors(id)).toEqual([]);
    }
    expect(isAlive(supervisor)).toBe(false);
  });
});

describe('ownership', () => {
  it('ends the lock-holding runs of a session at its deadline, and no others', async () => {
    const holder = run('echo ready; sleep 60');
    const other = run('echo ready; sleep 60', { session: 'session-2' });
    const free = run('echo ready; sleep 60', { holdsLock: false });
    const patient = run('echo ready; sleep 60', { ownershipGraceMs: 60_000 });
    for (const id of [holder, other, free, patient]) await witness.said(id, 'ready');
    host.setSessionDeadline('session-1', uptime() * 1000 + 50);
    expect(await witness.end(holder)).toMatchObject({ killedFor: 'ownership' });
    expect([other, free, patient].filter((id) => witness.ends.has(id))).toEqual([]);
  });

  it('gives little grace, however much the job has', async () => {
    const id = run('trap "" TERM; echo ready; while :; do sleep 0.05; done', { killGraceMs: 60_000 });
    await witness.said(id, 'ready');
    const stalled = watchMachine();
    const since = performance.now();
    host.setSessionDeadline('session-1', uptime() * 1000);
    expect(await witness.end(id)).toMatchObject({ killedFor: 'ownership', signal: 'SIGKILL' });
    expect(performance.now() - since).toBeLessThan(4_000 + stalled());
  });

  it('follows a run to its new session', async () => {
    const id = run('echo ready; sleep 60');
    await witness.said(id, 'ready');
    host.setSessionDeadline('session-2', uptime() * 1000 + 60_000);
    host.rebind(id, 'session-2');
    host.setSessionDeadline('session-1', uptime() * 1000);
    const probe = run('echo ready; sleep 60', { notAfterBootMs: uptime() * 1000 + 60_000 });
    expect(await witness.refusal(probe)).toMatchObject({ why: 'tooLate' });
    expect(witness.ends.has(id)).toBe(false);
    host.setSessionDeadline('session-2', uptime() * 1000);
    expect(await witness.end(id)).toMatchObject({ killedFor: 'ownership' });
  });
});

describe('the death of the supervisor', () => {
  it('leaves nothing, ends its runs, and the next one goes on', async () => {
    const ids = [run('echo ready; trap "" TERM; sleep 60'), run('setsid sh -c "echo ready; sleep 60" & sleep 60')];
    for (const id of ids) await witness.said(id, 'ready');
    await rig.killSupervisor();
    for (const id of ids) {
      expect(await witness.end(id)).toMatchObject({ killedFor: 'hostDied', outputTail: 'ready\n' });
      expect(await survivors(id)).toEqual([]);
    }
    expect(await witness.end(run('echo again'))).toMatchObject({ exitCode: 0 });
  });

  it('answers each of many orders exactly once, whenever it happens', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 150; i += 1) {
      ids.push(run(i % 2 ? 'exit 0' : 'sleep 0.05'));
      if (i % 50 === 25) await rig.killSupervisor();
      if (i % 50 === 40) await until('some starts', () => witness.pids.size > i - 35);
    }
    for (const id of ids) await until(`an answer to ${id}`, () => witness.ends.has(id) || witness.refusals.has(id));
    expect(witness.refusals.size).toBe(0);
  });

  it('is told when no other comes up; orders wait, and start once one does', async () => {
    const folder = journalFolder(rig.dataFolder);
    await witness.end(run('echo first'));
    await rename(folder, `${folder}.aside`);
    await writeFile(folder, 'no folder');
    expect(await rig.host.canStart().catch(() => false)).toBe(false);
    await rig.killSupervisor();
    expect(await until('a word', () => witness.unableFor[0])).toBe('no supervisor comes up');
    expect(await rig.host.canStart()).toBe(false);
    const id = run('echo late');
    await rm(folder);
    await rename(`${folder}.aside`, folder);
    expect(await witness.end(id)).toMatchObject({ exitCode: 0, outputTail: 'late\n' });
    expect(await rig.host.canStart()).toBe(true);
    expect(witness.unableFor).toHaveLength(1);
  });

  it('gives an order that was never started to the next supervisor', async () => {
    await rig.killSupervisor();
    expect(await witness.end(run('echo later'))).toMatchObject({ exitCode: 0, outputTail: 'later\n' });
  });
});

/** The living descendants of a process, itself included. */
async function familyOf(pid: number): Promise<number[]> {
  return findFamily(await readProcessTable(), { runId: '', leader: pid }).map((process) => process.pid);
}
