import { Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpFace } from '../support/http-face.js';

const links: string[] = [];
let face: HttpFace;
let browser: Browser;

beforeAll(async () => {
  face = await HttpFace.start({ options: { announceLink: (path) => links.push(path) } });
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser.close();
  await face.close();
});

it('Swagger UI works for whoever opened the one-time link, writes included', async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(face.url + links[0]);
  await page.goto(`${face.url}/api/docs`);
  await page.click('#operations-Jobs-createJob .opblock-summary');
  await page.fill('#operations-Jobs-createJob textarea', '{"name":"from-ui","command":"true"}');
  await page.click('#operations-Jobs-createJob .execute');
  const status = page.locator('#operations-Jobs-createJob .live-responses-table .response .response-col_status');
  await expect.poll(() => status.textContent()).toContain('201');
  expect(complaints).toEqual([]);
});

it('a browser without a session is led to the sign-in page and back', async () => {
  const body = { username: 'ann', password: 'correct horse', role: 'viewer' };
  await face.call('POST', '/api/v1/users', { body });
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${face.url}/api/docs`);
  expect(page.url()).toContain('/auth/sign-in');
  await page.fill('input[name=username]', 'ann');
  await page.fill('input[name=password]', 'wrong horse');
  await page.click('button');
  await expect.poll(() => page.locator('#message').textContent()).toBe('User name or password is wrong.');
  await page.fill('input[name=password]', 'correct horse');
  await page.click('button');
  await page.waitForSelector('.opblock');
  expect(page.url()).toBe(`${face.url}/api/docs`);
});
