import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The line a run of the simulation prints for a world that went wrong. */
export interface Finding {
  readonly seed: number;
  readonly profile: string;
  readonly violations: readonly string[];
}

/** What it prints at the end. */
export interface Summary {
  readonly ran: number;
  readonly violated: number;
  readonly starts: number;
  /** Claims that were refused because another worker had decided. */
  readonly refused: number;
  /** The same for worlds without trouble. */
  readonly calmStarts: number;
  readonly calmRefused: number;
}

/** What one run of the program found. */
export interface Findings {
  readonly findings: readonly Finding[];
  readonly summary: Summary;
}

/**
 * Lives through `count` worlds from seed `first` on, in a process of its own. With a pattern it ends at the first
 * violation that matches it. Throws, with what the program said, when it does not come to its end.
 */
export async function runProgram(path: string, first: number, count: number, sought?: RegExp): Promise<Findings> {
  const args = [path, String(first), String(count), ...(sought ? [sought.source] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const exited = once(child, 'exit');
  const findings: Finding[] = [];
  let summary: Summary | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Finding | (Summary & { summary: true });
    if ('summary' in said) summary = said;
    else findings.push(said);
  }
  const [code] = await exited;
  if (code !== 0 || !summary) {
    throw new Error(`the simulation ended with ${code}: ${Buffer.concat(complaints).toString('utf8').slice(-4000)}`);
  }
  return { findings, summary };
}

/** The same, spread over `processes`. */
export async function runSpread(path: string, first: number, count: number, processes: number): Promise<Findings> {
  const share = Math.ceil(count / processes);
  const starts = Array.from({ length: processes }, (_, index) => first + index * share);
  const parts = await Promise.all(
    starts.map((start) => runProgram(path, start, Math.max(0, Math.min(share, first + count - start)))),
  );
  const sum = (pick: (summary: Summary) => number): number =>
    parts.reduce((total, { summary }) => total + pick(summary), 0);
  return {
    findings: parts.flatMap(({ findings }) => findings),
    summary: {
      ran: sum(({ ran }) => ran),
      violated: sum(({ violated }) => violated),
      starts: sum(({ starts }) => starts),
      refused: sum(({ refused }) => refused),
      calmStarts: sum(({ calmStarts }) => calmStarts),
      calmRefused: sum(({ calmRefused }) => calmRefused),
    },
  };
}
