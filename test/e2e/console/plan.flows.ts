import { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../support/until.js';
import { complaintsOf, expectAccessible } from './browser.js';
import { Stage } from './stage.js';

export function planFlows(stage: () => Stage): void {
  const name = 'plan-ticks';
  const often = 'plan-often';

  beforeAll(async () => {
    await stage().ask('POST', '/jobs', { name, command: 'exit 3', cronExpr: '*/2 * * * * *' });
    await until(`${name} has failed`, async () => {
      const { items } = await stage().ask('GET', `/runs?job=${name}&status=failed`);
      return items.length > 0;
    });
    // Few enough fires to be drawn one by one.
    await stage().ask('PATCH', `/jobs/${name}`, { command: 'true', cronExpr: '*/15 * * * *' });
    await stage().ask('POST', '/jobs', { name: often, command: 'true', cronExpr: '@every 10s' });
    await stage().ask('POST', '/jobs', { name: 'plan-paused', command: 'true', cronExpr: '0 * * * *', paused: true });
  });

  afterAll(async () => {
    for (const each of [name, often, 'plan-paused']) await stage().ask('DELETE', `/jobs/${each}`);
  });

  const track = (page: Page, job: string) => page.getByRole('slider', { name: `Fires of ${job}` });
  const from = (page: Page) => Date.parse(new URL(page.url()).searchParams.get('from') ?? '');

  it('shows the fires of a job past and to come, says each by the keys, and how crowded it is', async () => {
    const page = await stage().open(`/plan?search=plan-&window=12h`);
    const complaints = complaintsOf(page);
    const fires = track(page, name);
    await fires.focus();
    await fires.locator('path[data-status="planned"]').waitFor({ state: 'attached' });
    await fires
      .locator('path[data-status="failed"], path[data-status="unrecorded"]')
      .first()
      .waitFor({ state: 'attached' });
    await page.keyboard.press('End');
    expect(await fires.getAttribute('aria-valuetext')).toMatch(/: planned$/);
    const atEnd = Number(await fires.getAttribute('aria-valuenow'));
    await page.keyboard.press('ArrowLeft');
    expect(Number(await fires.getAttribute('aria-valuenow'))).toBe(atEnd - 1);
    await page.getByRole('link', { name: 'Plan of the job' }).waitFor();
    await page.getByText(/^fires to come per 5 min$/).waitFor();
    await page.getByText(/^Busiest minute: [\d: -]+, [\d,]+ fires$/).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/jobs/${name}\\?tab=plan`));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('draws a job that fires often by the hour', async () => {
    const page = await stage().open(`/plan?search=${often}&window=24h`);
    const fires = track(page, often);
    await fires.focus();
    await page.keyboard.press('End');
    expect(await fires.getAttribute('aria-valuetext')).toMatch(/to come$/);
    // What was and what comes are never said, or drawn, as one.
    const now = (await page.locator('.now').boundingBox())!.x;
    for (const status of await fires.locator('path[data-status]').all()) {
      const { x, width } = (await status.boundingBox())!;
      const isToCome = (await status.getAttribute('data-status')) === 'planned';
      expect(isToCome ? x - now : now - x - width).toBeGreaterThan(-3);
    }
    await page.context().close();
  });

  it('says of a paused job why it has no fires', async () => {
    const page = await stage().open('/plan?search=plan-paused');
    await page.getByRole('main').getByText('paused', { exact: true }).waitFor();
    await page.context().close();
  });

  it('moves by buttons, keys and dragging, keeps the window in the address, and returns to now', async () => {
    const page = await stage().open(`/plan?search=${name}`);
    await track(page, name).waitFor();
    await page.getByRole('button', { name: 'Later' }).click();
    await page.waitForURL(/from=/);
    const first = from(page);
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(
      (before) => Date.parse(new URL(location.href).searchParams.get('from') ?? '') > before,
      first,
    );
    expect(from(page) - first).toBe(3 * 3_600_000);
    const before = from(page);
    const lane = (await page.getByText(/^fires to come per/).boundingBox())!;
    await page.mouse.move(lane.x + 600, lane.y + 70);
    await page.mouse.down();
    await page.mouse.move(lane.x + 800, lane.y + 70, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(
      (was) => Date.parse(new URL(location.href).searchParams.get('from') ?? '') < was,
      before,
    );
    const shared = page.url();
    await page.goto(shared);
    await track(page, name).waitFor();
    expect(page.url()).toBe(shared);
    await page.getByRole('button', { name: 'Now' }).click();
    await page.waitForURL((url) => !url.searchParams.has('from'));
    await page.context().close();
  });

  it('keeps what is typed while it searches', async () => {
    const page = await stage().open('/plan');
    await page.getByRole('textbox', { name: 'Search' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('plan-ti');
    await page.waitForURL(/search=plan-ti/);
    await track(page, often).waitFor({ state: 'hidden' });
    await track(page, name).waitFor();
    expect(await page.getByRole('textbox', { name: 'Search' }).inputValue()).toBe('plan-ti');
    await page.context().close();
  });

  it('says where clocks are set', async () => {
    const page = await stage().open('/plan?window=24h&from=2026-10-24T20:00:00.000Z', { timezoneId: 'Europe/Berlin' });
    await page.getByText('At Sun 25 Oct 03:00 clocks go back by 1 h: the time before comes twice.').waitFor();
    await page.context().close();
  });

  it('is a list by the hour on a phone', async () => {
    const page = await stage().open('/plan?search=plan-', { viewport: { width: 390, height: 844 } });
    const list = page.getByRole('region', { name: 'Next fires' });
    await list.getByRole('link', { name: often }).first().waitFor();
    await list
      .getByText(/times, from/)
      .first()
      .waitFor();
    expect(await page.getByRole('slider').count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('is accessible to all, %s', async (theme) => {
    const page = await stage().open('/plan?search=plan-', { theme });
    await track(page, name).focus();
    await page.getByRole('link', { name: /Plan of the job|Open the run|Why\?/ }).waitFor();
    await expectAccessible(page);
    await page.context().close();
  });
}
