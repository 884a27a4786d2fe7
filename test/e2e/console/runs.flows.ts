import { readFile } from 'node:fs/promises';
import { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { complaintsOf, expectAccessible } from './browser.js';
import { Stage } from './stage.js';

export function runsFlows(stage: () => Stage): void {
  async function makeJob(name: string, command: string): Promise<void> {
    await stage().ask('POST', '/jobs', { name, command });
  }

  /** Runs a job and waits until the list knows how it ended. */
  async function run(name: string): Promise<string> {
    const { runId } = await stage().ask('POST', `/jobs/${name}/run`, {});
    await expect
      .poll(async () => (await stage().ask('GET', `/runs/${runId}`)).endTime, { timeout: 20_000 })
      .toBeDefined();
    return runId;
  }

  const rows = (page: Page) => page.getByRole('table', { name: 'Runs' }).locator('tbody tr');

  async function choose(page: Page, field: string, option: string): Promise<void> {
    await page.getByRole('combobox', { name: field, exact: true }).press('Enter');
    await page.getByRole('option', { name: option, exact: true }).click();
    await page.keyboard.press('Escape');
  }

  it('filters by status and text, and the address brings a colleague to the same list', async () => {
    await makeJob('runs-good', 'echo all is well');
    await makeJob('runs-bad', 'echo "disk runs-full-4711" >&2; exit 3');
    await run('runs-good');
    await run('runs-bad');
    const page = await stage().open('/runs');
    const complaints = complaintsOf(page);
    await choose(page, 'Status', 'failed');
    await page.waitForURL(/status=failed/);
    await page.getByRole('textbox', { name: 'Job, reason or output' }).fill('runs-full-4711');
    await page.waitForURL(/search=runs-full-4711/);
    await expect.poll(() => rows(page).count()).toBe(1);
    await rows(page).getByText('exit code 3').waitFor();
    await rows(page).getByText('disk runs-full-4711').waitFor();

    const colleague = await stage().open(page.url().slice(stage().url.length), { language: 'zh' });
    await colleague.getByRole('heading', { level: 1, name: '执行记录' }).waitFor();
    const theirs = colleague.getByRole('table').locator('tbody tr');
    await theirs.getByText('runs-bad').waitFor();
    expect(await theirs.count()).toBe(1);
    expect(await colleague.getByRole('textbox', { name: '任务、原因或输出' }).inputValue()).toBe('runs-full-4711');
    await colleague.context().close();

    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('patches rows where they stand, and holds new ones back under a bar', async () => {
    await makeJob('runs-live', 'sleep 1; echo done');
    const first = await run('runs-live');
    const page = await stage().open('/runs?job=runs-live');
    await expect.poll(() => rows(page).count()).toBe(1);
    const running = stage().ask('POST', '/jobs/runs-live/run', {});
    await page.getByRole('button', { name: /1 new run · Show/ }).waitFor();
    expect(await rows(page).count()).toBe(1);
    await page.getByRole('button', { name: /1 new run · Show/ }).click();
    await expect.poll(() => rows(page).count()).toBe(2);
    const { runId } = await running;
    await rows(page).first().getByText('succeeded').waitFor();
    await rows(page)
      .first()
      .getByRole('link', { name: /\d\d:\d\d:\d\d/ })
      .click();
    await page.waitForURL(new RegExp(`/runs/${runId}`));
    await page.goBack();
    await page.waitForURL(/job=runs-live/);
    expect(runId).not.toBe(first);
    await page.context().close();
  });

  it('runs the selected again and kills those that run, each after naming what will happen', async () => {
    await makeJob('runs-bulk', 'sleep 60');
    await makeJob('runs-bulk-2', 'echo two');
    await run('runs-bulk-2');
    await stage().ask('POST', '/jobs/runs-bulk/run', {});
    const page = await stage().open('/runs?search=runs-bulk');
    await expect.poll(() => rows(page).count()).toBe(2);
    await rows(page).getByText('running').waitFor();
    await page.getByRole('checkbox', { name: 'Select all rows' }).locator('..').click();
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Kill 1' }).click();
    const question = page.getByRole('dialog', { name: /^Kill the running runs-bulk on/ });
    await question.getByRole('button', { name: 'Kill' }).click();
    await rows(page).getByText('killed', { exact: true }).waitFor();
    await page
      .getByRole('checkbox', { name: /^Select runs-bulk-2/ })
      .locator('..')
      .click();
    await page.getByRole('button', { name: 'Run again 1' }).click();
    await page
      .getByRole('dialog', { name: 'Run runs-bulk-2 again?' })
      .getByRole('button', { name: 'Run again' })
      .click();
    await page.getByRole('button', { name: 'Open the run' }).click();
    await page.getByRole('heading', { level: 1, name: /^Succeeded in / }).waitFor();
    await page.context().close();
  });

  it('exports what the filter finds', async () => {
    await makeJob('runs-export', 'echo exported');
    await run('runs-export');
    await run('runs-export');
    const page = await stage().open('/runs?job=runs-export');
    await expect.poll(() => rows(page).count()).toBe(2);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    const [head, ...lines] = text.trim().split('\r\n');
    expect(head).toContain('jobName');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toContain(',runs-export,succeeded,');
    await page.context().close();
  });

  it('says when nothing matches, and leads out of it', async () => {
    const page = await stage().open('/runs?search=nothing-like-this-anywhere');
    await page.getByText('No run matches these filters.').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Clear the filters' }).last().click();
    await page.getByText('No run matches these filters.').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('can be used by everybody, light and dark, wide and narrow', async () => {
    await makeJob('runs-accessible', 'echo x; exit 1');
    await run('runs-accessible');
    for (const visitor of [
      { theme: 'light' },
      { theme: 'dark' },
      { theme: 'light', viewport: { width: 390, height: 844 } },
    ] as const) {
      const page = await stage().open('/runs?job=runs-accessible&period=custom&from=2026-01-01T00:00:00Z', visitor);
      await expect.poll(() => rows(page).count()).toBe(1);
      await expectAccessible(page);
      await page.context().close();
    }
  });
}
