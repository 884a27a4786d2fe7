import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A TypeScript program running as a process of its own, so that it can be killed without warning. */
export interface ChildProgram {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Lines of its standard output so far. */
  readonly lines: string[];
  /** Resolves with the first line, of those so far or to come, that begins with `start`; rejects when the program ends without. */
  line(start: string): Promise<string>;
  /** Sends a signal and resolves once the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a program that `buildProgram` made; the caller kills it. */
export function startProgram(path: string, ...args: readonly string[]): ChildProgram {
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting = new Set<(line: string | undefined) => void>();
  const tell = (line: string | undefined): void => {
    for (const listener of [...waiting]) listener(line);
  };
  const reader = createInterface({ input: child.stdout! });
  reader.on('line', (line) => {
    lines.push(line);
    tell(line);
  });
  reader.on('close', () => tell(undefined));
  return {
    process: child,
    pid: child.pid!,
    lines,
    line: (start) =>
      new Promise((resolve, reject) => {
        const known = lines.find((line) => line.startsWith(start));
        if (known !== undefined) return resolve(known);
        const listener = (line: string | undefined): void => {
          if (line !== undefined && !line.startsWith(start)) return;
          waiting.delete(listener);
          if (line === undefined) reject(new Error(`The program ended without a line "${start}".`));
          else resolve(line);
        };
        waiting.add(listener);
      }),
    kill: async (signal = 'SIGKILL') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'close');
      child.kill(signal);
      await gone;
    },
  };
}
