import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { TruthFile } from '../../accounting/truth-file.js';
import { buildProgram } from '../../support/build-program.js';

const TRUTH = resolve('.cache/bench-bare-truth');

/** What the bare loop came to. Milliseconds. */
export interface BareFigures {
  /** How late each start was, in the order of the rounds. */
  readonly lateMs: readonly (readonly number[])[];
  /** Processor time of the loop's own process. */
  readonly cpuMs: number;
}

/** Has a small Node process start as many commands as the product does, each telling the truth: the floor of a run. */
export async function bareLoop(
  telling: (file: string) => string,
  { count, everyMs, rounds }: { readonly count: number; readonly everyMs: number; readonly rounds: number },
): Promise<BareFigures> {
  const { path } = await buildProgram('test/bench/fires/bare-loop.program.ts');
  rmSync(TRUTH, { force: true });
  const words = [path, ...[count, everyMs, rounds].map(String), telling(TRUTH)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const { first, cpuMs } = JSON.parse(stdout) as { first: number; cpuMs: number };
  const { starts } = new TruthFile(TRUTH).read();
  if (starts.length !== count * rounds) throw new Error(`the bare loop started ${starts.length} of ${count * rounds}`);
  const lateMs = Array.from({ length: rounds }, (_, round) => {
    const at = first + round * everyMs;
    return starts.filter(({ scheduledTime }) => scheduledTime === at).map(({ startedAt }) => startedAt - at);
  });
  return { lateMs, cpuMs };
}
