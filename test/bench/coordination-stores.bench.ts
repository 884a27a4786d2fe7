/**
 * How fast the coordination stores are: claims one at a time and many to a call, and a mirror of 100,000 keys. Prints a
 * line each; etcd is left out where there is none.
 *
 *     npx esbuild test/bench/coordination-stores.bench.ts --bundle --platform=node --format=esm --packages=external \
 *       --outfile=.cache/coordination-stores.bench.mjs && node .cache/coordination-stores.bench.mjs
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import {
  CoordinationStore,
  EmbeddedStore,
  EtcdStore,
  isAbsent,
  KeyMirror,
  MemoryStore,
  put,
  read,
  transaction,
} from '@app/etcd';
import { ManualClock, SystemClock, silentLog } from '@app/platform';
import { findEtcd, startEtcd } from '../support/etcd-server.js';

const clock = new SystemClock();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A claim as the product makes it: three compares, two puts, three gets otherwise. */
function claim(index: number) {
  const [cursor, run, lock] = [`/b/cursors/${index}`, `/b/runs/${index}/1`, `/b/lock/${index}`];
  return transaction(
    [isAbsent(run), isAbsent(lock), isAbsent('/b/nobody')],
    [put(cursor, `{"v":1,"at":"2026-01-01T00:00:00.000Z","n":${index}}`), put(run, 'claimed')],
    [read(cursor), read(run), read(lock)],
  );
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<string> {
  const began = performance.now();
  await work();
  return `${Math.round((count / (performance.now() - began)) * 1000)}/s`.padStart(11);
}

async function measure(name: string, store: CoordinationStore, single: number, many: number): Promise<void> {
  const alone = await perSecond(single, async () => {
    for (let index = 0; index < single; index++) await store.transactAll([claim(index)]);
  });
  const batches = Math.ceil(many / 64);
  const together = await perSecond(batches * 64, async () => {
    for (let batch = 0; batch < batches; batch++) {
      await store.transactAll(Array.from({ length: 64 }, (_, index) => claim(1_000_000 + batch * 64 + index)));
    }
  });
  const atOnce = Array.from({ length: 10_000 }, (_, index) => claim(2_000_000 + index));
  const began = performance.now();
  await store.transactAll(atOnce);
  const storm = Math.round(performance.now() - began);
  say(`${name.padEnd(10)} one by one ${alone}   64 to a call ${together}   10,000 in one call ${storm} ms`);
}

async function measureMirror(name: string, store: CoordinationStore): Promise<void> {
  for (let done = 0; done < 100_000; done += 10_000) {
    await store.transactAll(
      Array.from({ length: 10_000 }, (_, index) => transaction([], [put(`/m/${done + index}`, 'x'.repeat(300))])),
    );
  }
  const stalls = monitorEventLoopDelay({ resolution: 1 });
  stalls.enable();
  const began = performance.now();
  const mirror = new KeyMirror(store, '/m/', { clock, log: silentLog, onChange: () => {} });
  await mirror.start();
  const took = Math.round(performance.now() - began);
  await new Promise((resolve) => setTimeout(resolve, 5));
  say(
    `${name.padEnd(10)} mirror of ${mirror.size} keys in ${took} ms, longest stall ${Math.round(stalls.max / 1e6)} ms`,
  );
  mirror.close();
}

const folder = mkdtempSync(join(tmpdir(), 'fleetcron-bench-'));
const server = findEtcd() === undefined ? undefined : await startEtcd();
const stores: [string, CoordinationStore, number, number][] = [
  ['memory', new MemoryStore(new ManualClock()), 200_000, 200_000],
  ['embedded', EmbeddedStore.open({ folder, clock, log: silentLog }), 3_000, 50_000],
];
if (server) stores.push(['etcd', new EtcdStore({ hosts: [server.host], clock, log: silentLog }), 2_000, 50_000]);
for (const [name, store, single, many] of stores) {
  await measure(name, store, single, many);
  await measureMirror(name, store);
  await store.close();
}
await server?.stop();
rmSync(folder, { recursive: true, force: true });
