import { existsSync } from 'node:fs';
import { Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, Standalone } from './standalone.js';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const HINT = `There is no Chromium at ${CHROMIUM}: tests in a browser are left out. Install the package chromium, or name the program in CHROMIUM_PATH.`;

function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  if (process.env.FLEETCRON_REQUIRE_SERVICES === '1') throw new Error(HINT);
  process.stderr.write(`\n${HINT}\n\n`);
  return false;
}

describe.runIf(hasChromium())('the API in a browser, served by standalone', () => {
  const folder = dataFolder();
  let standalone: Standalone;
  let browser: Browser;

  beforeAll(async () => {
    standalone = await Standalone.start({ folder: folder.path });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    await standalone?.end();
    folder.remove();
  });

  it('Swagger UI works for whoever opens the link on the terminal, writes included', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(standalone.signInLink);
    await page.goto(`${standalone.url}/api/docs`);
    await page.click('#operations-Jobs-createJob .opblock-summary');
    await page.fill('#operations-Jobs-createJob textarea', '{"name":"from-ui","command":"true"}');
    await page.click('#operations-Jobs-createJob .execute');
    const status = page.locator('#operations-Jobs-createJob .live-responses-table .response .response-col_status');
    await expect.poll(() => status.textContent(), { timeout: 10_000 }).toContain('201');
    expect((await standalone.ask('GET', '/jobs/from-ui')).command).toBe('true');
    expect(complaints).toEqual([]);
  });

  it('the link works once', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(standalone.signInLink);
    await page.goto(`${standalone.url}/api/docs`);
    await page.waitForURL('**/sign-in*');
  });

  it('a browser without a session is led to the sign-in page and back', async () => {
    await standalone.ask('POST', '/users', { username: 'ann', password: 'correct horse', role: 'viewer' });
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${standalone.url}/api/docs`);
    await page.waitForURL('**/sign-in*');
    await page.fill('input[name=username]', 'ann');
    await page.fill('input[name=password]', 'wrong horse');
    const form = page.locator('form');
    await form.getByRole('button').click();
    const message = form.getByRole('alert');
    await expect.poll(() => message.textContent(), { timeout: 10_000 }).toBe('User name or password is wrong.');
    await page.fill('input[name=password]', 'correct horse');
    await form.getByRole('button').click();
    await page.waitForSelector('.opblock');
    expect(page.url()).toBe(`${standalone.url}/api/docs`);
  });
});
