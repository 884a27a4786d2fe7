import { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { complaintsOf, expectAccessible } from './browser.js';
import { Stage } from './stage.js';

let made = 0;

/** A job of this flow alone. It fires never by itself unless told otherwise. */
async function makeJob(stage: Stage, document: Record<string, unknown> = {}): Promise<string> {
  made += 1;
  const name = `job-page-${Date.now()}-${made}`;
  await stage.ask('POST', '/jobs', { name, command: 'echo done', ...document });
  return name;
}

async function openJob(stage: Stage, name: string, query = '', theme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await stage.open(`/jobs/${name}${query}`, { theme });
  await page.getByRole('heading', { level: 1, name }).waitFor();
  return page;
}

/** Runs a job through the API and waits for its end. */
async function runToEnd(stage: Stage, name: string): Promise<string> {
  const { runId } = await stage.ask('POST', `/jobs/${name}/run`);
  await expect
    .poll(async () => (await stage.ask('GET', `/runs?job=${name}&limit=100`)).items.find(isRun(runId))?.status, {
      timeout: 20_000,
    })
    .toBe('succeeded');
  return runId;
}

const isRun = (runId: string) => (run: { id: string }) => run.id === runId;
const runsOf = (page: Page, name: string) => page.getByRole('table', { name: `Runs of ${name}` });

export function jobFlows(stage: () => Stage): void {
  describe('actions', () => {
    it('runs by hand, shows the run as it goes, and lets others wait under a bar', async () => {
      const name = await makeJob(stage(), { command: 'sleep 2; echo done', description: 'Sleeps and says so.' });
      const page = await openJob(stage(), name);
      const complaints = complaintsOf(page);
      await page.getByText('This job has not run yet.').waitFor();
      await page.getByRole('button', { name: 'Run now' }).click();
      await page
        .getByRole('dialog', { name: `Run ${name} now?` })
        .getByRole('button', { name: 'Run now' })
        .click();
      const rows = runsOf(page, name).locator('tbody').getByRole('row');
      await rows.filter({ hasText: 'running' }).waitFor();
      await page.getByRole('link', { name: '1 running now' }).waitFor();
      await rows.filter({ hasText: 'succeeded' }).waitFor();
      await rows.filter({ hasText: /by hand: li\.wei/ }).waitFor();

      await runToEnd(stage(), name);
      const bar = page.getByRole('button', { name: '1 new run' });
      await bar.waitFor();
      expect(await rows.count()).toBe(1);
      await bar.click();
      await expect.poll(() => rows.count()).toBe(2);
      await rows.last().focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/runs\//);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('pauses by a key, with a reason and until a time, says so, and resumes', async () => {
      const name = await makeJob(stage(), { cronExpr: '0 3 1 1 *' });
      const page = await openJob(stage(), name);
      const complaints = complaintsOf(page);
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await page.keyboard.press('p');
      const dialog = page.getByRole('dialog', { name: `Pause ${name}?` });
      await dialog.getByRole('textbox').first().fill('the ledger moves house');
      await dialog.getByRole('combobox', { name: 'Until' }).press('ArrowDown');
      await page.getByRole('option', { name: 'in one hour' }).click();
      await dialog.getByRole('button', { name: 'Pause' }).click();
      await page.getByText(/^Paused until .*: nothing fires before\.$/).waitFor();
      await page.getByText('Reason: the ledger moves house').waitFor();
      const { pausedUntil } = await stage().ask('GET', `/jobs/${name}`);
      expect(Date.parse(pausedUntil)).toBeGreaterThan(Date.now() + 3_000_000);
      await page.getByRole('button', { name: 'Resume' }).click();
      await expect.poll(async () => (await stage().ask('GET', `/jobs/${name}`)).state).toBe('enabled');
      await page.getByText('Reason: the ledger moves house').waitFor({ state: 'hidden' });
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('says how many fires a backfill is before it asks for them', async () => {
      const name = await makeJob(stage(), { cronExpr: '0 * * * *', timezone: 'Asia/Shanghai', command: 'true' });
      const page = await openJob(stage(), name);
      const complaints = complaintsOf(page);
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Run a range again…' }).click();
      const dialog = page.getByRole('dialog', { name: `Run a range of ${name} again` });
      await dialog.getByText(/^24 fires, from .* 00:00:00 to .* 23:00:00\.$/).waitFor();
      const to = dialog.getByRole('combobox', { name: 'To, inclusive' });
      await to.fill((await to.inputValue()).replace('23:59:59', '01:30:00'));
      await to.press('Enter');
      await dialog.getByText(/^2 fires, from/).waitFor();
      await dialog.getByRole('button', { name: 'Run 2 fires' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await expect
        .poll(async () => (await stage().ask('GET', `/runs?job=${name}&trigger=backfill`)).items.length)
        .toBe(2);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('shows a viewer everything but the buttons', async () => {
      const viewer = { username: `viewer-${Date.now()}`, password: 'looks but never touches' };
      await stage().ask('POST', '/users', { ...viewer, role: 'viewer' });
      const name = await makeJob(stage(), { cronExpr: '0 3 1 1 *' });
      const page = await stage().open(`/jobs/${name}`, {}, { who: viewer });
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await runsOf(page, name).waitFor();
      for (const action of ['Run now', 'Pause', 'Edit', 'Kill']) {
        expect(await page.getByRole('button', { name: action }).count(), action).toBe(0);
      }
      await page.context().close();
    });
  });

  describe('ledger', () => {
    it('explains a fire that a pause held back, by address and by its row', async () => {
      const name = await makeJob(stage(), { cronExpr: '* * * * * *' });
      await expect
        .poll(async () => (await stage().ask('GET', `/runs?job=${name}&status=succeeded&limit=1`)).items.length, {
          timeout: 20_000,
        })
        .toBe(1);
      await stage().ask('POST', `/jobs/${name}/pause`, { reason: 'month end' });
      const at = new Date(Math.ceil(Date.now() / 1000) * 1000 + 2_000).toISOString();
      await expect.poll(() => Date.now(), { timeout: 10_000 }).toBeGreaterThan(Date.parse(at) + 1_000);
      const said = (await stage().ask('GET', `/jobs/${name}/explain?at=${at}`)).text.en;

      const page = await openJob(stage(), name, `?tab=ledger&at=${at}`);
      const complaints = complaintsOf(page);
      await page.getByText(said, { exact: true }).waitFor();
      const ledger = page.getByRole('table', { name: `Scheduled times of ${name}` });
      const ran = ledger.getByRole('row').filter({ hasText: 'succeeded' }).first();
      await ran.getByRole('button', { name: /^Why\?/ }).click();
      await ledger.getByText('It ran and succeeded.').waitFor();
      await ledger.getByRole('link', { name: 'Open the run' }).waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('answers for any time that is asked about, and leads to the fire before', async () => {
      const name = await makeJob(stage(), { cronExpr: '0 3 1 1 *', timezone: 'Europe/Berlin' });
      const page = await openJob(stage(), name, '?tab=ledger');
      const field = page.getByRole('combobox', { name: 'Why did it not run at …?' });
      await field.fill('2030-01-02 03:00:00');
      await field.press('Enter');
      await page.getByText('The schedule has no fire at this instant.').waitFor();
      expect(new URL(page.url()).searchParams.get('at')).toBe('2030-01-02T02:00:00.000Z');
      await page.getByRole('link', { name: 'The fire before: 2030-01-01 03:00:00' }).click();
      await page.waitForURL((url) => url.searchParams.get('at') === '2030-01-01T02:00:00.000Z');
      await page.goBack();
      await page.getByText('The schedule has no fire at this instant.').waitFor();
      await page.context().close();
    });
  });

  describe('versions', () => {
    it('are compared, put back after naming what changes, and that is undone', async () => {
      const name = await makeJob(stage(), { command: 'echo one' });
      await stage().ask('PATCH', `/jobs/${name}`, { command: 'echo two', timeoutSeconds: 60 });
      const page = await openJob(stage(), name, '?tab=versions');
      const complaints = complaintsOf(page);
      const list = page.getByRole('table', { name: `Versions of ${name}` });
      await list.getByRole('row').filter({ hasText: 'command' }).filter({ hasText: 'timeoutSeconds' }).waitFor();
      const diff = page.getByRole('table', { name: /^revision \d+ · now/ });
      await diff.getByRole('row').filter({ hasText: 'command: echo one' }).filter({ hasText: 'echo two' }).waitFor();
      await list.getByRole('button', { name: 'Put back' }).click();
      const dialog = page.getByRole('dialog', { name: new RegExp(`^Put revision \\d+ of ${name} back\\?$`) });
      await dialog.getByText('This changes: command, timeoutSeconds.').waitFor();
      await dialog.getByRole('button', { name: 'Put back' }).click();
      const command = async () => (await stage().ask('GET', `/jobs/${name}`)).command;
      await expect.poll(command).toBe('echo one');
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect.poll(command).toBe('echo two');
      await list.getByRole('row').nth(3).waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });

  describe('charts', () => {
    it('leads from an hour of the calendar to its runs, and the band has a table', async () => {
      const name = await makeJob(stage());
      const runId = await runToEnd(stage(), name);
      await expect.poll(async () => (await stage().ask('GET', `/jobs/${name}/stats?window=90d`)).total).toBe(1);
      const page = await openJob(stage(), name, '?tab=calendar');
      const complaints = complaintsOf(page);
      const cell = page.getByRole('gridcell', { name: /1 succeeded$/ });
      await cell.focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.searchParams.has('from') && url.searchParams.has('to'));
      await runsOf(page, name).locator(`a[href="/runs/${runId}"]`).waitFor();
      await page.getByRole('button', { name: 'Any time' }).click();
      await page.waitForURL((url) => !url.searchParams.has('from'));

      await page.getByRole('link', { name: 'Durations' }).click();
      await page
        .getByRole('img', { name: new RegExp(`^Durations of ${name}`) })
        .locator('canvas')
        .waitFor();
      await page.getByText('As a table').click();
      await page.getByRole('table', { name: 'How long runs take' }).getByRole('row').nth(1).waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('plans fifty fires, in the zone of the job and here', async () => {
      const name = await makeJob(stage(), { cronExpr: '30 2 * * *', timezone: 'America/New_York', jitterSeconds: 600 });
      const page = await openJob(stage(), name, '?tab=plan');
      const rows = page
        .getByRole('table', { name: `Fires of ${name} to come` })
        .locator('tbody')
        .getByRole('row');
      await expect.poll(() => rows.filter({ hasText: '02:30:00' }).count()).toBeGreaterThan(40);
      await rows.filter({ hasText: 'later (spread)' }).first().waitFor();
      await page.getByRole('columnheader', { name: 'Here, Asia/Shanghai' }).waitFor();
      await page.context().close();
    });
  });

  describe('a job that is gone', () => {
    it('says so, offers the runs it had, and comes back', async () => {
      const name = await makeJob(stage());
      const runId = await runToEnd(stage(), name);
      const page = await openJob(stage(), name);
      const complaints = complaintsOf(page);
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page
        .getByRole('dialog', { name: `Delete ${name}?` })
        .getByRole('button', { name: 'Delete' })
        .click();
      await page.getByRole('heading', { level: 1, name: `There is no job ${name}` }).waitFor();
      await runsOf(page, name).locator(`a[href="/runs/${runId}"]`).waitFor();
      await page.getByRole('button', { name: 'Bring it back' }).click();
      await page
        .getByRole('dialog', { name: `Bring ${name} back?` })
        .getByRole('button', { name: 'Bring it back' })
        .click();
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
      await page.getByRole('button', { name: 'Run now' }).waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });

  it.each(['light', 'dark'] as const)('every tab is accessible to all, %s', { timeout: 120_000 }, async (theme) => {
    const name = await makeJob(stage(), {
      ...{ cronExpr: '0 * * * *', timezone: 'Europe/Berlin', description: 'For everybody.', labels: { team: 'pay' } },
      ...{ params: { DAY: 'today' } },
    });
    await stage().ask('PATCH', `/jobs/${name}`, { command: 'echo again' });
    await runToEnd(stage(), name);
    const page = await openJob(stage(), name, '', theme);
    await runsOf(page, name).getByText('succeeded').waitFor();
    await expectAccessible(page);
    const shown = {
      Calendar: () => page.getByRole('grid'),
      Durations: () => page.locator('canvas').first(),
      Plan: () => page.getByRole('table', { name: `Fires of ${name} to come` }),
      Ledger: () => page.getByRole('combobox', { name: 'Day' }),
      Versions: () => page.getByRole('table', { name: `Versions of ${name}` }).getByText('now', { exact: true }),
      Definition: () => page.locator('.cm-content'),
    };
    for (const [tab, place] of Object.entries(shown)) {
      await page.getByRole('navigation', { name: 'Parts of this job' }).getByRole('link', { name: tab }).click();
      await place().waitFor();
      await expectAccessible(page);
    }
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Run a range again…' }).click();
    await page
      .getByRole('dialog', { name: `Run a range of ${name} again` })
      .getByText(/fires, from/)
      .waitFor();
    await expectAccessible(page);
    await page.context().close();
  });

  it('fits a phone', async () => {
    const name = await makeJob(stage(), { cronExpr: '0 * * * *', labels: { team: 'pay', critical: 'yes' } });
    const page = await stage().open(`/jobs/${name}`, { viewport: { width: 390, height: 844 } });
    for (const tab of ['Runs', 'Calendar', 'Durations', 'Plan', 'Ledger', 'Versions', 'Definition']) {
      await page.getByRole('navigation', { name: 'Parts of this job' }).getByRole('link', { name: tab }).click();
      await page.locator('[aria-current=page]', { hasText: tab }).waitFor();
      await expect.poll(() => page.locator('[aria-busy=true]').count(), { message: tab }).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), tab).toBeLessThanOrEqual(390);
    }
    await page.context().close();
  });
}
