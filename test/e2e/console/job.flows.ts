import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complaintsOf, expectAccessible } from './browser.js';
import { makeJob, openJob, runsOf, runToEnd, untilCounted } from './job-page.js';
import { jobTabFlows } from './job-tabs.flows.js';
import { Kind, Stage, themesOn } from './stage.js';

export function jobFlows(stage: () => Stage, kind: Kind): void {
  describe('actions', () => {
    it('runs by hand, shows the run as it goes, and lets others wait under a bar', async () => {
      // Runs until the gate opens, so that there is time to look at it.
      const gate = join(tmpdir(), `fleetcron-gate-${Date.now()}`);
      const command = `for i in $(seq 600); do [ -e '${gate}' ] && break; sleep 0.1; done; echo done`;
      const name = await makeJob(stage(), { command, description: 'Waits at a gate.' });
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
      writeFileSync(gate, '');
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
      rmSync(gate);
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

  jobTabFlows(stage);

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

  it.each(themesOn(kind))('every tab is accessible to all, %s', { timeout: 120_000 }, async (theme) => {
    const name = await makeJob(stage(), {
      ...{ cronExpr: '0 * * * *', timezone: 'Europe/Berlin', description: 'For everybody.', labels: { team: 'pay' } },
      ...{ params: { DAY: 'today' } },
    });
    await stage().ask('PATCH', `/jobs/${name}`, { command: 'echo again' });
    await runToEnd(stage(), name);
    await untilCounted(stage(), name);
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
