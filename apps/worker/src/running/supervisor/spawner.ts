import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CannotStart } from '../processes/cannot-start.js';
import type { SpawnPlan } from '../processes/spawn-plan.js';
import type { PosixSpawn } from './posix-spawn.js';
import type { ChildExit, SpawnedChild } from './spawned-child.js';

/** Starts processes: by posix_spawn(3) where that is to be had, by Node where it is not, or to hear what is wrong. */
export class Spawner {
  constructor(private readonly posix?: PosixSpawn) {}

  /**
   * Starts a process as the leader of its own session and group, with nothing on its standard input, a pipe each for
   * what it prints, and nothing inherited but what the plan says. The process is there, or not, before this returns its
   * promise; that rejects with CannotStart when the system refused, and then there never was a process.
   */
  async spawn(plan: SpawnPlan): Promise<SpawnedChild> {
    return this.posix?.spawn(plan) ?? (await spawnByNode(plan));
  }
}

async function spawnByNode(plan: SpawnPlan): Promise<SpawnedChild> {
  const [program = '', ...args] = plan.argv;
  const { env, uid, gid } = plan;
  try {
    const child = spawn(program, args, { env, uid, gid, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const { pid, stdout, stderr } = child;
    // Without a pid the reason comes as an event in a later turn.
    if (pid === undefined) throw (await once(child, 'error'))[0];
    child.on('error', () => {});
    // `close` would wait for every process that holds the pipes.
    const exited = new Promise<ChildExit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
    });
    return { pid, stdout, stderr, exited };
  } catch (cause) {
    throw new CannotStart(explain(cause, plan), { cause });
  }
}

function explain(error: unknown, plan: SpawnPlan): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const meaning = code === undefined ? undefined : MEANINGS[code];
  return `could not start ${plan.argv[0]}: ${meaning ?? message}`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program (ENOENT)',
  EACCES: 'it may not be executed (EACCES)',
  E2BIG: 'arguments and environment are larger than the system allows (E2BIG)',
  EAGAIN: 'the system is out of processes (EAGAIN)',
  EMFILE: 'the supervisor is out of file descriptors (EMFILE)',
  ENFILE: 'the system is out of file descriptors (ENFILE)',
  ENOMEM: 'the system is out of memory (ENOMEM)',
};
