import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atRest, hasChromium, visit } from './browser.js';
import { ADMIN, Stage } from './stage.js';

const MOST_BYTES = 350_000;

/** Of the built console; sources served one by one say nothing about it. */
describe.runIf(hasChromium() && process.env.CONSOLE_DEV !== '1')('the first page somebody loads', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.set('standalone');
  });

  afterAll(async () => stage?.strike());

  it(`takes at most ${MOST_BYTES / 1000} kB of JavaScript, gzipped; what other pages need comes with them`, async () => {
    const context = await visit(stage.browser);
    await context.request.post(`${stage.url}/api/v1/auth/login`, {
      data: ADMIN,
      headers: { 'X-Fleetcron-Request': '1' },
    });
    const page = await context.newPage();
    const scripts = new Map<string, number>();
    const encodings = new Set<string>();
    page.on('response', async (response) => {
      const path = new URL(response.url()).pathname;
      if (!path.endsWith('.js')) return;
      scripts.set(path, 0);
      const body = await response.body();
      scripts.set(path, gzipSync(body).length);
      // What is small goes out as it is.
      if (body.length > 2_000) encodings.add(response.headers()['content-encoding'] ?? 'none');
    });
    await page.goto(stage.url);
    await page.locator('main h1').waitFor();
    await atRest(page, 5_000);
    await expect.poll(() => [...scripts.values()].every((bytes) => bytes > 0)).toBe(true);
    const bytes = [...scripts.values()].reduce((sum, each) => sum + each, 0);
    console.error(`  ${scripts.size} scripts, ${(bytes / 1000).toFixed(0)} kB gzipped`);
    expect([...encodings].filter((each) => each !== 'br' && each !== 'gzip')).toEqual([]);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
    expect([...scripts.keys()].filter((path) => /Editor|CodeEditor|code-mirror|uPlot|RunPage/.test(path))).toEqual([]);
    await context.close();
  });
});
