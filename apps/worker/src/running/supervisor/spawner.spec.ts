import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CannotStart } from '../processes/cannot-start.js';
import { readProcess } from '../processes/process-table.js';
import type { SpawnPlan } from '../processes/spawn-plan.js';
import { PosixSpawn } from './posix-spawn.js';
import { Spawner } from './spawner.js';

const posixSpawn = await PosixSpawn.load(console.error);
const isLinux = process.platform === 'linux';
let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'spawner-')));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(command: string, further: Partial<SpawnPlan> = {}): SpawnPlan {
  return { argv: ['/bin/sh', '-c', command], env: { PATH: '/usr/bin:/bin' }, ...further };
}

it.runIf(isLinux)('has posix_spawn at hand on Linux', () => {
  expect(posixSpawn).toBeDefined();
});

it.runIf(isLinux)('gives a process pipes, which it may open by name as it can under cron', async () => {
  const { stdout, stderr } = await new Spawner(posixSpawn).spawn(script('echo a > /dev/stdout; echo b > /dev/stderr'));
  expect(await Promise.all([text(stdout), text(stderr)])).toEqual(['a\n', 'b\n']);
});

it.runIf(isLinux)('hears of the end of its own beside children of others', async () => {
  const spawner = new Spawner(posixSpawn);
  for (let round = 0; round < 10; round++) {
    // Nobody waits for this one while the others end.
    const others = Array.from({ length: 5 }, () => spawn('/bin/true'));
    const ours = await Promise.all(Array.from({ length: 5 }, () => spawner.spawn(script('exit 3'))));
    for (const { exited } of ours) expect(await exited).toEqual({ code: 3 });
    await Promise.all(others.map((other) => other.exitCode ?? once(other, 'exit')));
    expect(others.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
  }
});

describe.each([
  ['by posix_spawn', new Spawner(posixSpawn)],
  ['by Node', new Spawner()],
])('a process started %s', (_, spawner) => {
  async function result(plan: SpawnPlan) {
    const { stdout, stderr, exited } = await spawner.spawn(plan);
    const [out, err, exit] = await Promise.all([text(stdout), text(stderr), exited]);
    return { out, err, exit };
  }

  it('tells both its outputs and its exit code', async () => {
    expect(await result(script('echo to out; echo to err >&2; exit 7'))).toEqual({
      out: 'to out\n',
      err: 'to err\n',
      exit: { code: 7, signal: undefined },
    });
  });

  it('tells the signal that ended it', async () => {
    expect((await result(script('kill -KILL $$'))).exit).toEqual({ code: undefined, signal: 'SIGKILL' });
    expect((await result(script('kill -TERM $$'))).exit).toEqual({ code: undefined, signal: 'SIGTERM' });
  });

  it('has the arguments and the environment of its plan, to the letter, and no other', async () => {
    const strange = 'a "b" $c\n\t* ünï 中文 \u{1F600}';
    const env = { PATH: '/usr/bin:/bin', STRANGE: strange, EMPTY: '' };
    expect((await result({ argv: ['/usr/bin/printf', '%s|%s', strange, ''], env })).out).toBe(`${strange}|`);
    const { out } = await result({ argv: ['/usr/bin/env', '-0'], env });
    expect(out.split('\0').filter(Boolean).sort()).toEqual(['EMPTY=', 'PATH=/usr/bin:/bin', `STRANGE=${strange}`]);
  });

  it('works where we do', async () => {
    expect((await result(script('pwd -P'))).out).toBe(`${realpathSync(process.cwd())}\n`);
  });

  it('reads nothing on its standard input', async () => {
    expect((await result(script('wc -c; readlink /proc/self/fd/0 || echo /dev/null'))).out.split('\n')[1]).toBe(
      '/dev/null',
    );
  });

  it('leads a session and a group of its own', async () => {
    const { pid, exited } = await spawner.spawn(script('sleep 60'));
    if (isLinux) expect(readProcess(pid)).toMatchObject({ group: pid, session: pid, parent: process.pid });
    process.kill(-pid, 'SIGKILL');
    expect((await exited).signal).toBe('SIGKILL');
  });

  it.runIf(isLinux)('inherits no descriptor of ours', async () => {
    const listing = 'ls /proc/$$/fd';
    // What whoever started these tests left open for every child is not ours.
    const expected = execFileSync('/bin/sh', ['-c', listing], {
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
    const ours = openSync(join(folder, 'ours'), 'w');
    const other = await spawner.spawn(script('sleep 60'));
    expect((await result(script(listing))).out).toBe(expected);
    closeSync(ours);
    process.kill(-other.pid, 'SIGKILL');
    await other.exited;
  });

  it.runIf(isLinux)('neither ignores nor blocks a signal', async () => {
    // Node ignores SIGPIPE; a `yes | head` would never end with that.
    const { out } = await result({ argv: ['/bin/grep', '-E', 'SigBlk|SigIgn', '/proc/self/status'], env: {} });
    expect(out).toMatch(/^SigBlk:\s+0{16}\nSigIgn:\s+0{16}\n$/);
  });

  it('loses nothing of what is larger than a pipe', async () => {
    expect((await result(script('head -c 3000000 /dev/zero'))).out).toHaveLength(3_000_000);
  });

  it('is told from all the others that run beside it', async () => {
    const results = await Promise.all(Array.from({ length: 100 }, (_, i) => result(script(`echo ${i}; exit ${i}`))));
    expect(results.map(({ out, exit }) => [out, exit.code])).toEqual(results.map((_, i) => [`${i}\n`, i]));
  });

  it('is not there when there is no such program or right, and the reason is told', async () => {
    const program = join(folder, 'not-executable');
    writeFileSync(program, 'echo x', { mode: 0o644 });
    for (const [plan, reason] of [
      [{ argv: ['/no/such'], env: {} }, 'could not start /no/such: there is no such program (ENOENT)'],
      [{ argv: ['no-such-program'], env: {} }, 'could not start no-such-program: there is no such program (ENOENT)'],
      [{ argv: [program], env: {} }, `could not start ${program}: it may not be executed (EACCES)`],
    ] as const) {
      await expect(spawner.spawn(plan)).rejects.toThrow(new CannotStart(reason));
    }
    await expect(spawner.spawn(script('echo a\0b'))).rejects.toThrow(CannotStart);
    await expect(spawner.spawn(script('true', { env: { A: 'x'.repeat(4_000_000) } }))).rejects.toThrow('E2BIG');
  });

  it('is found on the path of its plan when it is named without one', async () => {
    writeFileSync(join(folder, 'here-only'), '#!/bin/sh\necho found', { mode: 0o755 });
    expect((await result({ argv: ['here-only'], env: { PATH: `/usr/bin:/bin:${folder}` } })).out).toBe('found\n');
  });

  it.runIf(isLinux)('leaves no descriptor behind, whether it came to be or not', async () => {
    await result(script('true'));
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 30; i += 1) {
      await result(script('echo x'));
      await spawner.spawn({ argv: ['/no/such'], env: {} }).catch(() => {});
    }
    await expect.poll(() => readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
  });

  it.runIf(isLinux && process.getuid?.() === 0)('runs as the user of its plan', async () => {
    expect((await result(script('id -u; id -g', { uid: 65534, gid: 65534 }))).out).toBe('65534\n65534\n');
  });
});
