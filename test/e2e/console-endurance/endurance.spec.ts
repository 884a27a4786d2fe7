import { setTimeout as delay } from 'node:timers/promises';
import { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOf, hasChromium } from '../console/browser.js';
import { Stage } from '../console/stage.js';
import { BusyFront, startBusyFront } from './busy-front.js';

/** At six times the pace of a busy hour of 200 fires a second: ten minutes are as much as it. ENDURANCE_MINUTES for another length. */
const MINUTES = Number(process.env.ENDURANCE_MINUTES ?? 10);
const RUNS_PER_SECOND = 1_200;
const WARM_UP_MS = 30_000;
const MEASURE_EVERY_MS = 30_000;
const READINGS = 3;
const PATHS = ['/', '/jobs', '/runs', '/plan'];
/** The list of jobs stands on a machine so many times slower: what it cannot take in at once must not pile up. */
const SLOWED = { path: '/jobs', times: 8 };

/** What a page holds. */
interface Footprint {
  readonly heapMiB: number;
  readonly nodes: number;
}

describe.runIf(hasChromium())('pages that are left open', () => {
  let stage: Stage;
  let front: BusyFront;
  const jobNames = Array.from({ length: 200 }, (_, n) => `busy-${String(n).padStart(3, '0')}`);

  beforeAll(async () => {
    stage = await Stage.set('standalone');
    const jobs = jobNames.map((name) => ({ name, command: 'true', cronExpr: '0 3 1 1 *' }));
    await stage.ask('POST', '/jobs/import?format=json', JSON.stringify(jobs));
    front = await startBusyFront(stage.url, { runsPerSecond: RUNS_PER_SECOND, jobNames });
  });

  afterAll(async () => {
    await front?.close();
    await stage?.strike();
  });

  it(
    `do not grow in ${MINUTES} minutes of ${RUNS_PER_SECOND} runs a second`,
    async () => {
      const pages: Page[] = [];
      for (const path of PATHS) pages.push(await stage.open(path, {}, { url: front.url }));
      await slowDown(pages[PATHS.indexOf(SLOWED.path)]!, SLOWED.times);
      const complaints = pages.map(complaintsOf);
      await delay(WARM_UP_MS);
      const before = await Promise.all(pages.map(footprint));
      const until = Date.now() + MINUTES * 60_000;
      const series: Footprint[][] = [];
      while (Date.now() < until) {
        await delay(Math.min(MEASURE_EVERY_MS, Math.max(0, until - Date.now())));
        series.push(await Promise.all(pages.map(footprint)));
      }
      for (const each of [before, ...series]) console.error(`  ${each.map(inWords).join('   ')}`);
      const after = series.at(-1)!;
      for (const [index, path] of PATHS.entries()) {
        const [first, last] = [before[index]!, after[index]!];
        expect(last.heapMiB, `heap of ${path}`).toBeLessThan(first.heapMiB + 15);
        expect(last.nodes, `nodes of ${path}`).toBeLessThan(first.nodes * 1.5 + 500);
      }
      console.error(`  ${front.told} changes told, ${complaints.flat().length} complaints`);
      expect(front.told).toBeGreaterThan(RUNS_PER_SECOND * MINUTES * 60);
      expect(complaints.flat()).toEqual([]);
      // Still alive: it answers to keys at once.
      await pages[1]!.keyboard.press('?');
      await pages[1]!.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await Promise.all(pages.map((page) => page.context().close()));
    },
    (MINUTES + 5) * 60_000,
  );
});

async function slowDown(page: Page, times: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: times });
}

/** The least of a few readings, each after a collection of garbage: what comes between the two is not kept either. */
async function footprint(page: Page): Promise<Footprint> {
  const readings: Footprint[] = [];
  for (let reading = 0; reading < READINGS; reading += 1) readings.push(await read(page));
  return {
    heapMiB: Math.min(...readings.map(({ heapMiB }) => heapMiB)),
    nodes: Math.min(...readings.map(({ nodes }) => nodes)),
  };
}

function inWords({ heapMiB, nodes }: Footprint): string {
  return `${heapMiB.toFixed(1)} MiB, ${nodes} nodes`;
}

async function read(page: Page): Promise<Footprint> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.enable');
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
  const found = { heapMiB: of('JSHeapUsedSize') / 1_048_576, nodes: of('Nodes') };
  await devtools.detach();
  return found;
}
