import { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startTcpProxy } from '../../support/tcp-proxy.js';
import { complaintsOf, expectAccessible } from './browser.js';
import { Stage } from './stage.js';

/** The field of the palette; a page may have others of its kind. */
const PALETTE = /Search and commands|搜索与命令/;

export function frameFlows(stage: () => Stage): void {
  it('switches the language at once and remembers it', async () => {
    const page = await stage().open('/settings');
    const complaints = complaintsOf(page);
    await page.getByRole('button', { name: '切换到中文' }).click();
    await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('turns dark and stays so', async () => {
    const page = await stage().open('/settings');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await expect.poll(background).not.toBe(light);
    const dark = await background();
    await page.reload();
    await page.getByRole('button', { name: 'Light theme' }).waitFor();
    expect(await background()).toBe(dark);
    await page.context().close();
  });

  it('is walked by keys alone', async () => {
    const page = await stage().open('/settings');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL(/\/cluster$/);
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await help.waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).pressSequentially('go to runs');
    await page.getByRole('option', { name: /Go to Runs/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/runs$/);
    await page.context().close();
  });

  it('finds a job in the palette, and pauses it there; a reason typed stays over Escape', async () => {
    const name = `frame-palette-${Date.now()}`;
    await stage().ask('POST', '/jobs', { name, command: 'true', cronExpr: '0 3 1 1 *' });
    const page = await stage().open('/settings');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search and commands' });
    await field.pressSequentially(name);
    await page.getByRole('option', { name: `Pause: ${name}` }).click();
    const dialog = page.getByRole('dialog', { name: `Pause ${name}?` });
    await dialog.getByRole('textbox').fill('moving house');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+k');
    await field.pressSequentially(name);
    await page.getByRole('option', { name: `Pause: ${name}` }).click();
    await dialog.getByText('What you typed before is still here.').waitFor();
    expect(await dialog.getByRole('textbox').inputValue()).toBe('moving house');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(async () => (await stage().ask('GET', `/jobs/${name}`)).pausedReason).toBe('moving house');
    await page.context().close();
  });

  it('does what is said to a job, verb first or last, and asks which where none is named', async () => {
    const name = `frame-nightly-${Date.now()}`;
    await stage().ask('POST', '/jobs', { name, command: 'true', cronExpr: '0 3 1 1 *' });
    const page = await stage().open('/settings');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search and commands' });
    const first = page.getByRole('option').first();
    const says = (text: string) => expect.poll(() => first.textContent()).toContain(text);
    for (const text of [`pause ${name}`, `${name} pause`, `暂停${name}`]) {
      await field.fill(text);
      await says(`Pause: ${name}`);
    }
    await field.fill('pau');
    await page.getByRole('option', { name: 'Pause a job…' }).click();
    await says('Pause: ');
    expect(await field.inputValue()).toBe('pause ');
    await field.fill(`pause ${name}`);
    await says(`Pause: ${name}`);
    await page.keyboard.press('Enter');
    await page
      .getByRole('dialog', { name: `Pause ${name}?` })
      .getByRole('button', { name: 'Pause' })
      .click();
    await expect.poll(async () => (await stage().ask('GET', `/jobs/${name}`)).state).toBe('paused');
    await page.keyboard.press('Control+k');
    await field.fill('resume');
    await page.getByRole('option', { name: `Resume: ${name}` }).click();
    await expect.poll(async () => (await stage().ask('GET', `/jobs/${name}`)).state).toBe('enabled');
    await page.context().close();
    await stage().ask('DELETE', `/jobs/${name}`);
  });

  it.each([
    ['en', 'import', 'Import jobs'],
    ['en', 'new job', 'New job'],
    ['en', 'export', 'Export all jobs as YAML'],
    ['en', 'dark', 'Dark theme'],
    ['en', 'chinese', '切换到中文'],
    ['en', 'plan', 'Go to Plan'],
    ['zh', '导入', '导入任务'],
    ['zh', '新建', '新建任务'],
    ['zh', '深色', '深色主题'],
    ['zh', 'english', 'Switch to English'],
    ['zh', '暂', '暂停某个任务…'],
  ] as const)('finds in the palette, in %s, by "%s": %s', async (language, text, found) => {
    const page = await stage().open('/settings', { language });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: PALETTE }).fill(text);
    await page.getByRole('option', { name: found }).first().waitFor();
    await page.context().close();
  });

  it('opens the import from the palette', async () => {
    const page = await stage().open('/settings');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: PALETTE }).fill('import');
    await page.getByRole('option', { name: 'Import jobs' }).click();
    await page.getByRole('dialog', { name: 'Import jobs' }).waitFor();
    await page.context().close();
  });

  it('says so when the network is lost, keeps what it shows, and recovers by itself', async () => {
    const way = await startTcpProxy(Number(new URL(stage().url).port));
    const page = await stage().open('/settings', {}, { url: `http://${way.host}` });
    await page.locator('.pill:not(.wait)').waitFor();
    await lineIsOpen(page);
    way.isRefusing = true;
    way.cut();
    const line = page.getByText('Connection lost.');
    await line.waitFor();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    way.isRefusing = false;
    await line.waitFor({ state: 'hidden', timeout: 30_000 });
    await page.context().close();
    await way.close();
  });

  it.each(['light', 'dark'] as const)('settings and help are accessible to all, %s', async (theme) => {
    const page = await stage().open('/settings', { theme });
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+k');
    await page.getByRole('listbox').waitFor();
    await expectAccessible(page);
    await page.context().close();
  });
}

/** Until changes are followed there is no connection to lose. */
async function lineIsOpen(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[data-connection="open"]') !== null);
}
