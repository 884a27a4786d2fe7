// How many processes a second a worker starts through its supervisor, next to a bare loop in the same run.
//
//   npx esbuild test/bench/spawn.bench.ts --bundle --platform=node --format=esm --packages=external \
//     --alias:@app/platform=./libs/platform/src/index.ts --outfile=.cache/spawn.bench.mjs && node --expose-gc .cache/spawn.bench.mjs
//
// BALLAST_MB (512) makes the worker as large as a busy one; COUNT (1000) processes are started, all ordered at once.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { SystemClock, silentLog } from '@app/platform';
import { SupervisedRunHost } from '../../apps/worker/src/running/supervised-run-host.js';
import { buildSupervisor } from '../support/build-supervisor.js';

const count = Number(process.env.COUNT ?? 1_000);
const ballastMb = Number(process.env.BALLAST_MB ?? 512);

/** Spawns in a loop and waits for the exits, as a program without any of our promises would. */
async function bareLoop(): Promise<number> {
  const since = performance.now();
  let left = count;
  await new Promise<void>((resolve) => {
    for (let i = 0; i < count; i += 1) {
      const child = spawn('/bin/true', [], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      child.on('exit', () => --left === 0 && resolve());
    }
  });
  return performance.now() - since;
}

async function supervised(host: SupervisedRunHost): Promise<{ startedMs: number; endedMs: number }> {
  const notAfterBootMs = uptime() * 1000 + 60_000;
  const since = performance.now();
  let started = 0;
  let ended = 0;
  let startedMs = 0;
  return new Promise((resolve) => {
    host.listen({
      started: () => {
        if (++started === count) startedMs = performance.now() - since;
      },
      refused: (refusal) => {
        throw new Error(refusal.detail);
      },
      unable: () => {},
      output: () => {},
      ended: () => {
        if (++ended === count) resolve({ startedMs, endedMs: performance.now() - since });
      },
    });
    for (let i = 0; i < count; i += 1) {
      host.start({
        runId: `bench-${i}`,
        jobName: 'bench',
        session: 's',
        holdsLock: true,
        ownershipGraceMs: 60_000,
        notAfterBootMs,
        argv: ['/bin/true'],
        env: { FLEETCRON_RUN_ID: `bench-${i}` },
        killGraceMs: 1_000,
        outputLimitBytes: 65_536,
      });
    }
  });
}

const dataFolder = mkdtempSync(join(tmpdir(), 'fleetcron-bench-'));
const host = new SupervisedRunHost({
  dataFolder,
  workerId: 'bench',
  clock: new SystemClock(),
  log: silentLog,
  supervisorProgram: await buildSupervisor(),
});
await host.open();
const smallLoopMs = await bareLoop();
const ballast = Array.from({ length: ballastMb }, () => Buffer.alloc(1024 * 1024, 1));
// Else the stall we measure would be the collection of the loop's thousand processes (run with --expose-gc).
globalThis.gc?.();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const through = await supervised(host);
delay.disable();
const largeLoopMs = await bareLoop();
const perSecond = (ms: number): number => Math.round((count / ms) * 1_000);
process.stdout.write(
  `${JSON.stringify({
    count,
    ballastMb: ballast.length,
    bareLoopSmallPerSecond: perSecond(smallLoopMs),
    bareLoopLargePerSecond: perSecond(largeLoopMs),
    supervisedStartedPerSecond: perSecond(through.startedMs),
    supervisedEndedPerSecond: perSecond(through.endedMs),
    workerLongestStallMs: Math.round(delay.max / 1e6),
  })}\n`,
);
await host.close(0);
rmSync(dataFolder, { recursive: true });
