import { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedWorld } from '../../support/seeded-world.js';
import { atRest, complaintsOf, hasChromium } from './browser.js';
import { Stage } from './stage.js';

const JOBS = Number(process.env.SCALE_JOBS ?? 100_000);
const RUNS = Number(process.env.SCALE_RUNS ?? 1_000_000);
const FIRST_PAGE_MS = 500;
const ROUNDS = 5;

/** How soon lists stand when there is a great deal to list; the median of a few rounds, as people meet it. */
describe.runIf(hasChromium())(`the console with ${JOBS} jobs and ${RUNS} runs`, () => {
  let stage: Stage;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    stage = await Stage.set('standalone', async (folder) => {
      await seedWorld(folder, { jobs: JOBS, runs: RUNS, days: 14, seed: 1, live: 0, now: Date.now() });
    });
    page = await stage.open('/settings');
    complaints = complaintsOf(page);
    // The pages themselves are loaded once, as after the first minute of work.
    for (const name of ['Jobs', 'Runs', 'Plan', 'Overview']) await go(name);
  }, 1_200_000);

  afterAll(async () => stage?.strike());

  async function go(name: string): Promise<void> {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
    await page.locator('main h1').waitFor();
    await atRest(page, 10_000);
  }

  /** From a click to the moment the first rows are painted, in the page's own time. */
  async function clickToRows(click: string, rows: string): Promise<number> {
    return page.evaluate(
      ([where, what]) =>
        new Promise<number>((resolve, reject) => {
          const link = document.querySelector<HTMLElement>(where);
          if (!link) return reject(new Error(`nothing to click at ${where}`));
          const since = performance.now();
          const look = (): void => {
            if (document.querySelectorAll(what).length > 5) {
              requestAnimationFrame(() => resolve(performance.now() - since));
            } else {
              requestAnimationFrame(look);
            }
          };
          link.click();
          look();
        }),
      [click, rows] as const,
    );
  }

  async function median(measure: () => Promise<number>): Promise<number> {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await go('Settings');
      times.push(await measure());
    }
    times.sort((left, right) => left - right);
    console.error(`  ${times.map((time) => time.toFixed(0)).join(', ')} ms`);
    return times[Math.floor(ROUNDS / 2)]!;
  }

  it.each([
    ['jobs', 'nav a[href="/jobs"]', 'main tbody tr:not(.ghost)'],
    ['runs', 'nav a[href="/runs"]', 'main tbody tr:not(.ghost)'],
  ])(`%s show their first page within ${FIRST_PAGE_MS} ms of the click`, async (_name, link, rows) => {
    expect(await median(() => clickToRows(link, rows))).toBeLessThanOrEqual(FIRST_PAGE_MS);
  });

  it('typing in the search box never waits for an answer', async () => {
    await go('Jobs');
    const field = page.locator('main [data-search] input, main input[data-search]').first();
    await field.click();
    const longest = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let worst = 0;
          const observer = new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) worst = Math.max(worst, entry.duration);
          });
          observer.observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
          addEventListener('typing-over', () => setTimeout(() => resolve(worst), 300), { once: true });
        }),
    );
    await field.pressSequentially('nightly clearing of the shop', { delay: 40 });
    await page.evaluate(() => dispatchEvent(new Event('typing-over')));
    const worst = await longest;
    console.error(`  longest from a key to the next paint: ${worst.toFixed(0)} ms`);
    expect(await field.inputValue()).toBe('nightly clearing of the shop');
    expect(worst).toBeLessThan(200);
  });

  it('a search finds its job', async () => {
    await go('Jobs');
    const { items } = await stage.ask('GET', '/jobs?limit=1&sort=-name');
    const field = page.locator('main [data-search] input, main input[data-search]').first();
    await field.fill(items[0].name);
    await page.getByRole('link', { name: items[0].name }).first().waitFor();
    expect(complaints).toEqual([]);
  });
});
