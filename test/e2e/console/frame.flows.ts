import { expect, it } from 'vitest';
import { complaintsOf } from './browser.js';
import { Stage } from './stage.js';

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
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const light = await background();
    await page.getByRole('button', { name: 'Dark theme' }).click();
    await page.getByRole('button', { name: 'Light theme' }).waitFor();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole('button', { name: 'Light theme' }).waitFor();
    expect(await background()).toBe(dark);
    await page.context().close();
  });
}
