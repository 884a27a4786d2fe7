import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../support/until.js';
import { complaintsOf, expectAccessible } from './browser.js';
import { Kind, Stage, themesOn } from './stage.js';

export function overviewFlows(stage: () => Stage, kind: Kind): void {
  const failing = 'overview-ledger';
  const slow = 'overview-slow';

  beforeAll(async () => {
    await stage().ask('POST', '/jobs', {
      name: failing,
      command: String.raw`echo trying; printf '\033[31mledger refused\033[0m\n' >&2; exit 2`,
    });
    await stage().ask('POST', '/jobs', { name: slow, command: 'sleep 600' });
    await stage().ask('POST', '/jobs', { name: 'overview-soon', command: 'true', cronExpr: '@every 5m' });
    await stage().ask('POST', `/jobs/${failing}/run`, {});
    await until(`${failing} has failed`, async () => {
      const { items } = await stage().ask('GET', `/runs?job=${failing}&status=failed`);
      return items.length > 0;
    });
  });

  afterAll(async () => {
    for (const name of [failing, slow, 'overview-soon']) await stage().ask('DELETE', `/jobs/${name}`);
  });

  it('says in a sentence what needs a look, with the last words of the run, and leads to it', async () => {
    const page = await stage().open('/');
    const complaints = complaintsOf(page);
    const needs = page.getByRole('region', { name: 'Needs a look' });
    const item = needs.getByRole('listitem').filter({ hasText: failing });
    await item.getByText('ledger refused').waitFor();
    expect(((await item.textContent()) ?? '').replace(/\s+/g, ' ')).toMatch(
      /overview-ledger failed at [\d: -]+, exit code 2: ledger refused/,
    );
    await page.getByRole('heading', { level: 1, name: /need(s)? a look/ }).waitFor();
    await item.getByRole('link', { name: `Latest run of ${failing}` }).click();
    await page.waitForURL(/\/runs\/.+/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('takes a job that has succeeded since out of what needs a look', async () => {
    const name = 'overview-mended';
    await stage().ask('POST', '/jobs', { name, command: 'exit 1' });
    await stage().ask('POST', `/jobs/${name}/run`, {});
    const page = await stage().open('/');
    const item = page.getByRole('region', { name: 'Needs a look' }).getByRole('listitem').filter({ hasText: name });
    await item.waitFor({ timeout: 30_000 });
    await stage().ask('PATCH', `/jobs/${name}`, { command: 'true' });
    await stage().ask('POST', `/jobs/${name}/run`, {});
    await item.waitFor({ state: 'hidden', timeout: 30_000 });
    await page.getByRole('button', { name: /recovered since/ }).click();
    await item.getByText('has succeeded since').waitFor();
    await stage().ask('DELETE', `/jobs/${name}`);
    await page.context().close();
  });

  it('shows at once what begins to run, and ends it after a question that names it', async () => {
    const page = await stage().open('/');
    const complaints = complaintsOf(page);
    const running = page.getByRole('region', { name: 'Running now' });
    await running.waitFor();
    await stage().ask('POST', `/jobs/${slow}/run`, {});
    const row = running.getByRole('row').filter({ hasText: slow });
    await row.getByText(/worker-\d/).waitFor();
    await row.getByRole('button', { name: `Kill ${slow}` }).click();
    const dialog = page.getByRole('dialog', { name: new RegExp(`Kill the running run of ${slow} on worker-\\d\\?`) });
    await dialog.getByRole('textbox').fill('not today');
    await dialog.getByRole('button', { name: 'Kill' }).click();
    await row.waitFor({ state: 'hidden', timeout: 30_000 });
    const [run] = (await stage().ask('GET', `/runs?job=${slow}&limit=1`)).items;
    expect(run).toMatchObject({ status: 'killed', killedBy: 'li.wei' });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('counts down to what comes, and shows the last day by the hour', async () => {
    const page = await stage().open('/');
    const next = page.getByRole('region', { name: 'Next 24 hours' });
    await next
      .getByRole('listitem')
      .filter({ hasText: 'overview-soon' })
      .getByText(/^0\d:\d\d$/)
      .waitFor();
    const column = page.getByRole('list', { name: 'Last 24 hours' }).getByRole('link').last();
    await column.click();
    await page.waitForURL(/\/runs\?from=.+&to=/);
    await page.context().close();
  });

  it('offers nothing to end to somebody who may only look', async () => {
    const who = { username: 'overview-viewer', password: 'correct horse battery' };
    await stage().ask('POST', '/users', { ...who, role: 'viewer' });
    await stage().ask('POST', `/jobs/${slow}/run`, {});
    const page = await stage().open('/', {}, { who });
    const row = page.getByRole('region', { name: 'Running now' }).getByRole('row').filter({ hasText: slow });
    await row.waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    await stage().ask('POST', `/jobs/${slow}/kill`, {});
    await page.context().close();
  });

  it.each(themesOn(kind))('is accessible to all, %s', async (theme) => {
    const page = await stage().open('/', { theme });
    await page.getByRole('region', { name: 'Needs a look' }).getByRole('listitem').first().waitFor();
    await page.getByRole('list', { name: 'Last 24 hours' }).waitFor();
    await page.getByRole('region', { name: 'Next 24 hours' }).getByRole('listitem').first().waitFor();
    await expectAccessible(page);
    await page.context().close();
  });

  it('is of use on a phone, in Chinese', async () => {
    const page = await stage().open('/', { language: 'zh', viewport: { width: 390, height: 844 } });
    await page.getByRole('heading', { level: 1, name: /件事需要关注/ }).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    await expectAccessible(page);
    await page.context().close();
  });
}
