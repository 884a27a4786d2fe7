import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/**
 * A nice value: at -5 Linux gives three times the processor time that it gives a process at 0 which wants it too. At -10
 * it is nine times, and an etcd on the same machine was held up for seconds while ten thousand jobs were due.
 */
const PRECEDENCE = -5;

/** What is asked of the system. Each call throws where it is not allowed, or not there. */
export interface Precedences {
  readonly pid: number;
  /** Nice value of this program's main thread, and of what that starts. */
  get(): number;
  /** Those of all threads: the collector of garbage holds the main one up with its own. */
  set(nice: number): void;
  /** Text of a file below /proc/PID. */
  read(pid: number, file: string): string;
  write(pid: number, file: string, text: string): void;
}

/**
 * Lets this program go before the commands that run beside it, where the system allows that (root, or CAP_SYS_NICE): it
 * needs little of a processor, but at once, to hear a kill, keep a session and start what is due, however busy the
 * machine is with what it started. A priority that somebody has chosen for it stays.
 */
export function takePrecedence(system: Precedences = ofLinux): void {
  if (system.get() !== 0) return;
  attempt(() => system.set(PRECEDENCE));
  passPrecedence(system.pid, system);
}

/**
 * Lets the session led by the process `leader` go before others too, if this program does. Outside containers Linux may
 * share the processors among sessions first; a command leads one of its own.
 */
export function passPrecedence(leader: number, system: Precedences = ofLinux): void {
  if (system.get() >= 0) return;
  attempt(() => {
    const [, , , session] = system
      .read(leader, 'stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    // A session that others share with it, as one at a terminal, is not ours to raise.
    if (Number(session) === leader) system.write(leader, 'autogroup', String(PRECEDENCE));
  });
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // It goes on as one among equals.
  }
}

const ofLinux: Precedences = {
  pid: process.pid,
  get: () => getPriority(),
  set: (nice) => {
    for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), nice);
  },
  read: (pid, file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'),
  write: (pid, file, text) => writeFileSync(`/proc/${pid}/${file}`, text),
};
