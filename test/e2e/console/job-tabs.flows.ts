import { describe, expect, it } from 'vitest';
import { complaintsOf } from './browser.js';
import { makeJob, openJob, runsOf, runToEnd, untilCounted } from './job-page.js';
import { Stage } from './stage.js';

/** What the ledger, the versions and the charts of a job tell. */
export function jobTabFlows(stage: () => Stage): void {
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
      const field = page.getByRole('textbox', { name: 'Why did it not run at …?' });
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
      await untilCounted(stage(), name);
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
}
