// How fast standalone starts on a seeded folder, what memory it takes, and how fast it answers what the console asks.
//
//   npm run bench seed-console && FOLDER=... npm run bench console-speed
//
// FOLDER (as seed-console filled it), ROUNDS (30), PROGRAM (dist/standalone, as `npm run build` leaves it).
import { Standalone } from '../e2e/standalone.js';
import { memoryMib } from '../support/processes.js';

const folder = process.env.FOLDER;
if (folder === undefined) throw new Error('FOLDER must name a folder that seed-console filled');
const ROUNDS = Number(process.env.ROUNDS ?? 30);
const program = process.env.PROGRAM ?? 'dist/standalone/apps/standalone/src/main.js';
const DAY_MS = 86_400_000;

/** What a page of the console asks. */
interface Question {
  readonly words: string;
  readonly path: (round: number) => string;
}

const since = performance.now();
const standalone = Standalone.spawn({ folder, command: [process.execPath, program], cwd: process.cwd() });
try {
  await standalone.ready(600_000);
  console.error(`ready after ${((performance.now() - since) / 1_000).toFixed(1)} s, ${residentMiB()} MiB resident`);
  for (const question of await questions()) await measure(question);
  console.error(`${residentMiB()} MiB resident at the end`);
} finally {
  await standalone.end();
}

async function questions(): Promise<readonly Question[]> {
  const page = await standalone.ask('GET', '/jobs?limit=50');
  const [first] = page.items as { name: string }[];
  const { items } = await standalone.ask('GET', '/runs?limit=500&status=failed');
  const names = (items as { jobName: string }[]).map(({ jobName }) => jobName);
  const nameAt = (round: number): string => encodeURIComponent(names[round % names.length] ?? first?.name ?? '');
  const workers = [...new Set((items as { worker: string }[]).map(({ worker }) => worker))];
  const workerAt = (round: number): string => workers[round % workers.length] ?? '';
  const deep = await cursorAfter('/jobs?limit=500', 100);
  const deepRuns = await cursorAfter('/runs?limit=500', 40);
  const day = (round: number): string => new Date(Date.now() - (1 + (round % 12)) * DAY_MS).toISOString();
  const fixed = (path: string): Question => ({ words: path, path: () => path });
  return [
    fixed('/jobs?limit=50&recentRuns=20'),
    fixed('/jobs?limit=50&recentRuns=20&search=clear'),
    fixed('/jobs?limit=50&recentRuns=20&search=nothing-like-it'),
    fixed('/jobs?limit=50&recentRuns=20&sort=-name'),
    fixed('/jobs?limit=50&recentRuns=20&sort=next'),
    fixed('/jobs?limit=50&recentRuns=20&sort=-next'),
    fixed('/jobs?limit=50&recentRuns=20&state=paused'),
    fixed('/jobs?limit=50&recentRuns=20&state=enabled'),
    fixed('/jobs?limit=50&recentRuns=20&state=ended'),
    fixed('/jobs?limit=50&recentRuns=20&state=invalid'),
    fixed('/jobs?limit=50&recentRuns=20&label=team%3Dpay'),
    fixed('/jobs?limit=50&recentRuns=20&group=edge'),
    { words: '/jobs, page 1,000', path: () => `/jobs?limit=50&recentRuns=20&cursor=${deep}` },
    fixed('/runs?limit=50'),
    fixed('/runs?limit=50&status=failed'),
    fixed('/runs?limit=50&status=failed,lost,missed'),
    { words: '/runs?job=', path: (round) => `/runs?limit=50&job=${nameAt(round)}` },
    { words: '/runs?worker=', path: (round) => `/runs?limit=50&worker=${workerAt(round)}` },
    { words: '/runs?worker=&status=failed', path: (round) => `/runs?limit=50&status=failed&worker=${workerAt(round)}` },
    fixed('/runs?limit=50&trigger=manual'),
    fixed('/runs?limit=50&search=ledger'),
    fixed('/runs?limit=50&search=nothing-like-it'),
    { words: '/runs?from&to', path: (round) => `/runs?limit=50&to=${day(round)}&from=${day(round + 1)}` },
    { words: '/runs, page 400', path: () => `/runs?limit=50&cursor=${deepRuns}` },
    fixed('/stats?window=24h'),
    fixed('/stats?window=14d'),
    { words: '/jobs/{n}/stats?window=90d', path: (round) => `/jobs/${nameAt(round)}/stats?window=90d` },
    { words: '/jobs/{n}', path: (round) => `/jobs/${nameAt(round)}` },
    fixed('/plan?limit=100'),
    fixed('/cluster'),
    fixed('/workers'),
    fixed('/groups'),
  ];
}

async function cursorAfter(path: string, pages: number): Promise<string> {
  let cursor = '';
  for (let page = 0; page < pages; page++) {
    const { nextCursor } = await standalone.ask('GET', cursor === '' ? path : `${path}&cursor=${cursor}`);
    if (nextCursor === undefined) return cursor;
    cursor = nextCursor;
  }
  return cursor;
}

async function measure({ words, path }: Question): Promise<void> {
  const times: number[] = [];
  let first = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    await standalone.ask('GET', path(round));
    times.push(performance.now() - begun);
    if (round === 0) first = times[0] as number;
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(share * ROUNDS)] as number).toFixed(1).padStart(7);
  console.error(`${words.padEnd(52)} first ${first.toFixed(1).padStart(7)}  p50 ${at(0.5)}  p95 ${at(0.95)} ms`);
}

function residentMiB(): number {
  return Math.round(memoryMib(standalone.pid));
}
