/**
 * What a program without any of our promises needs: starts a command by `sh -c` so many times, eight at a time, its output
 * read through pipes, and says when it began and what processor time it took.
 *
 *     node bare-loop.program.mjs COUNT EVERY_MS ROUNDS COMMAND
 *
 * A round begins at each multiple of EVERY_MS of the wall clock; commands get its time as FLEETCRON_SCHEDULED_TIME and
 * their number as FLEETCRON_RUN_ID.
 */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const AT_ONCE = 8;
const [count = 0, everyMs = 1_000, rounds = 1] = process.argv.slice(2, 5).map(Number);
const command = process.argv[5] ?? 'true';

function start(round: number, number: number, at: number): Promise<void> {
  const env = {
    PATH: process.env.PATH ?? '',
    FLEETCRON_JOB: 'bare',
    FLEETCRON_SCHEDULED_TIME: new Date(at).toISOString(),
    FLEETCRON_ATTEMPT: '1',
    FLEETCRON_RUN_ID: `bare-${round}-${number}`,
  };
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.resume();
    child.on('exit', () => resolve());
  });
}

async function fire(round: number, at: number): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) await start(round, next++, at);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

const first = Math.ceil((Date.now() + 200) / everyMs) * everyMs;
const used = process.cpuUsage();
for (let round = 0; round < rounds; round++) {
  const at = first + round * everyMs;
  await delay(Math.max(0, at - Date.now()));
  await fire(round, at);
}
const { user, system } = process.cpuUsage(used);
process.stdout.write(JSON.stringify({ first, cpuMs: (user + system) / 1_000 }));
