import { ChildProcess, SpawnOptions, spawn } from 'node:child_process';

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const alive = new Set<ChildProcess>();

/**
 * Starts a program as a service manager would: as the leader of a session of its own. Linux shares the processor among
 * sessions first; in one with all the others, a program would have as much of it as a single process of a job, whose
 * session is its own. What is left of them is killed as this process ends.
 */
export function spawnInOwnSession(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  killWithThisProcess();
  const child = spawn(program, args, { ...options, detached: true });
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

let isWatching = false;

function killWithThisProcess(): void {
  if (isWatching) return;
  isWatching = true;
  process.once('exit', killAll);
  for (const signal of ENDINGS) {
    process.once(signal, () => {
      killAll();
      // Nobody else listens to it: it ends this process as if there had been no listener.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
}

function killAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}
