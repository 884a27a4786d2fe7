import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

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

/** Bundles a program once, for as many starts as wanted; gives the file. Packages are taken from the checkout. */
export async function bundleProgram(entry: string): Promise<string> {
  const folder = join(ROOT, 'node_modules/.cache/fleetcron-tests');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${basename(entry, '.ts')}-${process.pid}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: Object.fromEntries(
      ['etcd', 'jobs', 'logs', 'platform'].map((name) => [`@app/${name}`, join(ROOT, `libs/${name}/src/index.ts`)]),
    ),
    logLevel: 'error',
  });
  return outfile;
}

/** Starts a bundled program; the caller kills it. */
export function startProgram(bundle: string, ...args: readonly string[]): ChildProgram {
  const child = spawn(process.execPath, [bundle, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
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
