import { readFile } from 'node:fs/promises';
import { Locator, Page, Request } from 'playwright-core';
import { expect, it } from 'vitest';
import { complaintsOf, expectAccessible } from './browser.js';
import { Kind, Stage, themesOn } from './stage.js';

export function jobsFlows(stage: () => Stage, kind: Kind): void {
  /** A job of its own for each test; never fires by itself unless told to. */
  async function make(name: string, part: object = {}): Promise<void> {
    await stage().ask('POST', '/jobs', { name, command: 'true', cronExpr: '0 3 1 1 *', ...part });
  }

  async function makeMany(prefix: string, count: number): Promise<string[]> {
    const names = Array.from({ length: count }, (_, n) => `${prefix}-${String(n).padStart(3, '0')}`);
    for (let at = 0; at < names.length; at += 20) {
      await Promise.all(names.slice(at, at + 20).map((name) => make(name)));
    }
    await expect.poll(async () => (await stage().ask('GET', `/jobs?search=${prefix}&limit=1`)).total).toBe(count);
    return names;
  }

  const unique = (word: string) => `jobs-${word}-${Date.now().toString(36)}`;
  const rowOf = (page: Page, name: string) =>
    page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
  const stateOf = async (name: string) => (await stage().ask('GET', `/jobs/${name}`)).state;
  /** Element Plus lays the value over the field, which no pointer reaches. */
  async function choose(field: Locator, option: string): Promise<void> {
    await field.focus();
    await field.press('ArrowDown');
    await field.page().getByRole('option', { name: option, exact: true }).click();
  }
  const bar = (page: Page) => page.getByRole('region', { name: 'Selected jobs' });

  it('shows what a job is, when it fires and how it did; a run shows at once', async () => {
    const name = unique('row');
    await make(name, { cronExpr: '0 1 * * *', timezone: 'Asia/Shanghai', labels: { team: 'pay' }, command: 'sleep 2' });
    const page = await stage().open(`/jobs?search=${name}`);
    const complaints = complaintsOf(page);
    const row = rowOf(page, name);
    await row.getByText('Every day at 01:00').waitFor();
    await row.getByText('0 1 * * *').waitFor();
    await row.getByText('Asia/Shanghai').waitFor();
    await row.getByText('never ran').waitFor();
    await stage().ask('POST', `/jobs/${name}/run`, {});
    await row.getByRole('link', { name: 'running' }).waitFor();
    await row.getByRole('link', { name: 'succeeded' }).click();
    await page.waitForURL(/\/runs\//);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('pauses and resumes in place, and takes a pause back', async () => {
    const name = unique('switch');
    await make(name);
    const page = await stage().open(`/jobs?search=${name}`);
    const complaints = complaintsOf(page);
    const row = rowOf(page, name);
    await row.locator('.el-switch').click();
    await expect.poll(() => stateOf(name)).toBe('paused');
    await row.getByText('paused').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => stateOf(name)).toBe('enabled');
    await row.getByRole('switch', { checked: true }).waitFor({ state: 'attached' });

    await row.getByRole('button', { name: `More for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Pause until…' }).click();
    const dialog = page.getByRole('dialog', { name: `Pause ${name}?` });
    await dialog.getByLabel('Reason').fill('database moves');
    await choose(dialog.getByRole('combobox', { name: 'Until' }), 'in one hour');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await row.getByText(/paused · until .* · database moves/).waitFor();
    expect(await stage().ask('GET', `/jobs/${name}`)).toMatchObject({ pausedReason: 'database moves' });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('asks for the values of parameters before a run', async () => {
    const name = unique('params');
    await make(name, { params: { DAY: 'today' }, command: 'echo "day=$FLEETCRON_PARAM_DAY"' });
    const page = await stage().open(`/jobs?search=${name}`);
    await rowOf(page, name)
      .getByRole('button', { name: `More for ${name}` })
      .click();
    await page.getByRole('menuitem', { name: 'Run now' }).click();
    const dialog = page.getByRole('dialog', { name: `Run ${name} now?` });
    await dialog.getByLabel('DAY').fill('2026-11-20');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Open the run' }).click();
    await page.waitForURL(/\/runs\//);
    const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
    await expect.poll(async () => (await stage().ask('GET', `/runs/${id}`)).status).toBe('succeeded');
    await expect.poll(async () => (await stage().ask('GET', `/runs/${id}`)).output ?? '').toContain('day=2026-11-20');
    await page.context().close();
  });

  it('says how many runs a kill ends and where, before it does', async () => {
    const name = unique('kill');
    await make(name, { command: 'sleep 600' });
    const { runId } = await stage().ask('POST', `/jobs/${name}/run`, {});
    await expect.poll(async () => (await stage().ask('GET', `/runs/${runId}`)).status).toBe('running');
    const page = await stage().open(`/jobs?search=${name}`);
    await rowOf(page, name).getByRole('link', { name: 'running' }).waitFor();
    await rowOf(page, name)
      .getByRole('button', { name: `More for ${name}` })
      .click();
    await page.getByRole('menuitem', { name: 'Kill' }).click();
    const dialog = page.getByRole('dialog', { name: new RegExp(`^Kill 1 running run of ${name} on worker-\\d\\?$`) });
    await dialog.getByRole('button', { name: 'Kill' }).click();
    await rowOf(page, name).getByRole('link', { name: 'killed' }).waitFor();
    await page.context().close();
  });

  it('deletes a job, and brings it back as it was', async () => {
    const name = unique('gone');
    await make(name, { description: 'to be missed', labels: { team: 'pay' } });
    const page = await stage().open(`/jobs?search=${name}`);
    await rowOf(page, name)
      .getByRole('button', { name: `More for ${name}` })
      .click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page
      .getByRole('dialog', { name: `Delete ${name}?` })
      .getByRole('button', { name: 'Delete' })
      .click();
    await page.getByText(`Deleted ${name}.`).waitFor();
    await page.mouse.move(5, 5);
    await page.getByText('No job matches.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(`${name} is back.`).waitFor();
    await rowOf(page, name).waitFor();
    expect(await stage().ask('GET', `/jobs/${name}`)).toMatchObject({ description: 'to be missed' });
    await page.context().close();
  });

  it('pauses 50 of 200, then acts on all that match', async () => {
    const prefix = unique('bulk');
    const names = await makeMany(prefix, 200);
    const page = await stage().open(`/jobs?search=${prefix}`);
    const complaints = complaintsOf(page);
    await page.getByText('1 to 50 of 200').waitFor();
    await page.getByRole('checkbox', { name: 'Select all rows' }).check();
    await bar(page).getByText('50 jobs selected').waitFor();
    await bar(page).getByRole('button', { name: 'Pause' }).click();
    const dialog = page.getByRole('dialog', { name: 'Pause 50 jobs?' });
    await dialog.getByLabel('Reason').fill('moving house');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused 50 jobs.').waitFor();
    const paused = async () => (await stage().ask('GET', `/jobs?search=${prefix}&state=paused&limit=500`)).items;
    await expect.poll(async () => (await paused()).length).toBe(50);
    expect((await paused()).map(({ name }: { name: string }) => name)).toEqual(names.slice(0, 50));

    // The selection stays over pages.
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('51 to 100 of 200').waitFor();
    await bar(page).getByText('50 jobs selected').waitFor();
    await bar(page).getByRole('button', { name: 'Select all 200 that match' }).click();
    await bar(page).getByText('200 jobs selected').waitFor();
    // One goes before the deed: it alone is told as not done.
    await stage().ask('DELETE', `/jobs/${names[7]}`);
    await bar(page).getByRole('button', { name: 'Delete' }).click();
    const sure = page.getByRole('dialog', { name: 'Delete 200 jobs?' });
    await sure.getByRole('button', { name: 'Delete' }).click();
    const report = page.getByRole('dialog', { name: 'Not done to 1 job' });
    await report.getByText('Done to 199 jobs.').waitFor();
    await report.getByRole('link', { name: names[7] }).waitFor();
    await expect.poll(async () => (await stage().ask('GET', `/jobs?search=${prefix}`)).total).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('filters by state, group and label, keeps the filter as a view, and shares it by its address', async () => {
    const name = unique('views');
    await make(name, { group: name, labels: { team: 'pay' } });
    await make(`${name}-off`, { group: name, paused: true });
    const page = await stage().open('/jobs');
    await choose(page.getByRole('combobox', { name: 'State' }), 'paused');
    await page.getByRole('searchbox', { name: 'Search jobs' }).fill(name);
    await expect.poll(() => new URL(page.url()).search).toBe(`?state=paused&search=${name}`);
    await page.getByText('1 to 1 of 1').waitFor();
    await rowOf(page, `${name}-off`).waitFor();
    await page.getByRole('button', { name: 'Views', exact: true }).click();
    await page.getByLabel('Name of the view').fill('Mine, paused');
    await page.getByRole('button', { name: 'Save this filter' }).click();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await page.reload();
    await page.getByRole('button', { name: 'Views', exact: true }).click();
    await page.getByRole('button', { name: 'Mine, paused', exact: true }).click();
    await rowOf(page, `${name}-off`).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('searchbox', { name: 'Search jobs' }).fill(name);
    await rowOf(page, name).getByRole('button', { name: 'pay' }).click();
    await page.getByText('1 to 1 of 1').waitFor();
    expect(new URL(page.url()).searchParams.get('label')).toBe('team=pay');
    await page.context().close();
  });

  it('never waits for the list while somebody types, and drops answers that come too late', async () => {
    const name = unique('type');
    await make(`${name}-a`);
    await make(`${name}-ab`);
    const page = await stage().open('/jobs');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(`**/api/v1/jobs?search=${name}-a&**`, async (route) => {
      await held;
      await route.continue();
    });
    const field = page.getByRole('searchbox', { name: 'Search jobs' });
    const isFirst = (request: Request) => request.url().includes(`search=${name}-a&`);
    const isAsked = page.waitForRequest(isFirst);
    const isOver = Promise.race([
      page.waitForEvent('requestfinished', isFirst),
      page.waitForEvent('requestfailed', isFirst),
    ]);
    await field.fill(`${name}-a`);
    await isAsked;
    await field.press('b');
    await page.getByText('1 to 1 of 1').waitFor();
    await rowOf(page, `${name}-ab`).waitFor();
    release();
    await isOver;
    await page.getByText('1 to 1 of 1').waitFor();
    expect(await field.inputValue()).toBe(`${name}-ab`);
    expect(await field.evaluate((element) => document.activeElement === element)).toBe(true);
    await page.context().close();
  });

  it('moves nothing under the pointer: what is new waits', async () => {
    const name = unique('still');
    await make(`${name}-b`);
    const page = await stage().open(`/jobs?search=${name}`);
    await rowOf(page, `${name}-b`).hover();
    await make(`${name}-a`);
    await page.getByText('The order has changed').waitFor();
    expect(await rowOf(page, `${name}-a`).count()).toBe(0);
    await page.mouse.move(5, 5);
    await rowOf(page, `${name}-a`).waitFor();
    await page.context().close();
  });

  it('imports a crontab: line by line before, then the jobs', async () => {
    const name = unique('cron');
    const page = await stage().open('/jobs');
    const complaints = complaintsOf(page);
    await page.getByRole('button', { name: 'Import' }).click();
    await page
      .getByLabel('Crontab, YAML or JSON')
      .fill(`MAILTO=ops\n# Saves the database\n0 2 * * * /opt/${name}\n@reboot /bin/true\n61 * * * * wrong\n`);
    await page.getByText('1 new job').first().waitFor();
    const drawer = page.getByRole('dialog', { name: 'Import jobs' });
    await drawer.getByText('output is kept with each run instead of being mailed').waitFor();
    await drawer.getByText('minute 61 is outside 0 to 59').waitFor();
    await drawer.getByText('2 refused').waitFor();
    await expectAccessible(page);
    await drawer.getByRole('button', { name: 'Import 1 job' }).click();
    await page.getByText('Imported 1 job.').waitFor();
    await drawer.getByText('1 job made').waitFor();
    await drawer.getByRole('button', { name: 'Close', exact: true }).last().click();
    expect(new URL(page.url()).search).toBe('');
    const { items } = await stage().ask('GET', `/jobs?search=${name}`);
    expect(items).toMatchObject([{ cronExpr: '0 2 * * *', description: 'Saves the database' }]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('takes a user column, a zone and a group for a crontab, and tells YAML by its looks', async () => {
    const name = unique('forms');
    const page = await stage().open('/jobs?import=1');
    const text = page.getByLabel('Crontab, YAML or JSON');
    await text.fill(`0 2 * * * root /opt/${name} --all`);
    await choose(page.getByRole('combobox', { name: 'User column' }), 'yes (/etc/crontab)');
    await page.getByRole('combobox', { name: 'Group' }).last().fill('edge');
    await page.keyboard.press('Enter');
    const isRead = page.waitForResponse(
      (response) => /dryRun=true/.test(response.url()) && /group=edge/.test(response.url()),
    );
    expect((await (await isRead).json()).items[0].document).toMatchObject({ user: 'root', group: 'edge' });
    await text.fill(`name: ${name}\ncommand: "true"\ncronExpr: "0 3 * * *"\n`);
    await page.getByText('looks like YAML').last().waitFor();
    await page.getByText('1 new job').first().waitFor();
    await text.fill('name: [1');
    await page.getByText('This cannot be read').waitFor();
    await page.context().close();
  });

  it('exports what the filter shows, and what is selected, as a file that can be imported', async () => {
    const name = unique('export');
    await make(`${name}-a`);
    await make(`${name}-b`);
    const page = await stage().open(`/jobs?search=${name}`);
    const saved = async (form: 'as YAML' | 'as JSON') => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: form }).click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    await rowOf(page, `${name}-b`).waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const all = JSON.parse(await saved('as JSON'));
    expect(all.jobs.map((job: { name: string }) => job.name)).toEqual([`${name}-a`, `${name}-b`]);
    await page.getByRole('checkbox', { name: `Select ${name}-b` }).check();
    await bar(page).getByRole('button', { name: 'Export' }).click();
    expect(await saved('as YAML')).toBe(`jobs:\n  - name: ${name}-b\n    command: "true"\n    cronExpr: 0 3 1 1 *\n`);
    await page.context().close();
  });

  it('is walked by keys alone', async () => {
    const name = unique('keys');
    await make(`${name}-a`);
    await make(`${name}-b`);
    const page = await stage().open('/jobs');
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(name);
    await page.getByText('1 to 2 of 2').waitFor();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-key'))).toBe(`${name}-a`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await bar(page).getByText('1 job selected').waitFor();
    await page.keyboard.press('p');
    const focused = () => page.evaluate(() => document.activeElement?.tagName);
    await page.getByRole('dialog', { name: `Pause ${name}-b?` }).waitFor();
    await expect.poll(focused).toBe('INPUT');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expect.poll(focused).toBe('TR');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/jobs/${name}-b`);
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await page.keyboard.press('n');
    await page.waitForURL(/\/new-job$/);
    await page.context().close();
  });

  it('shows viewers everything but the buttons', async () => {
    const name = unique('viewer');
    await make(name, { paused: true });
    const who = { username: name, password: 'correct horse battery' };
    await stage().ask('POST', '/users', { ...who, role: 'viewer' });
    const page = await stage().open(`/jobs?search=${name}`, {}, { who });
    await rowOf(page, name).getByText('paused').first().waitFor();
    expect(await page.getByRole('switch').count()).toBe(0);
    for (const button of ['New job', 'Import'])
      expect(await page.getByRole('button', { name: button }).count()).toBe(0);
    await page.getByRole('checkbox', { name: `Select ${name}` }).check();
    await bar(page).getByRole('button', { name: 'Export' }).waitFor();
    expect(await bar(page).getByRole('button', { name: 'Delete' }).count()).toBe(0);
    await page.context().close();
  });

  /** A console that is told that there are no jobs; what it does is real. */
  async function emptyConsole(theme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await stage().open('/settings', { theme });
    await page.route('**/api/v1/jobs?**', (route) => route.fulfill({ json: { items: [], total: 0 } }));
    return page;
  }

  it('leads the first visitor: a sample in one click, or a crontab', async () => {
    const page = await emptyConsole();
    const complaints = complaintsOf(page);
    await page.goto(`${stage().url}/jobs`);
    await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    await page.getByRole('button', { name: 'Make and run it' }).click();
    await page.waitForURL(/\/runs\//);
    const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
    await expect
      .poll(async () => (await stage().ask('GET', `/runs/${id}`)).status, { timeout: 20_000 })
      .toBe('succeeded');
    await expect
      .poll(async () => (await stage().ask('GET', `/runs/${id}`)).output ?? '')
      .toContain('Hello from fleetcron');
    await page.goBack();
    await page.getByRole('button', { name: 'Paste a crontab' }).click();
    await page.getByLabel('Crontab, YAML or JSON').waitFor();
    await stage().ask('DELETE', '/jobs/sample-hello');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('lets who came by the one-time link make an account, and signs in with it', async () => {
    const username = unique('first');
    const page = await emptyConsole();
    await page.route('**/api/v1/auth/me', (route) =>
      route.fulfill({ json: { kind: 'setup', name: 'setup', role: 'admin' } }),
    );
    await page.goto(`${stage().url}/jobs`);
    await page.getByText('Make your account').waitFor();
    await page.getByLabel('User name').fill(username);
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText(`You are signed in as ${username}.`).waitFor();
    await page.getByText('Make your account').waitFor({ state: 'hidden' });
    const { items } = await stage().ask('GET', '/users');
    expect(items).toContainEqual(expect.objectContaining({ username, role: 'admin' }));
    await page.context().close();
  });

  it.each(themesOn(kind))('is accessible to all, %s', async (theme) => {
    const name = unique(`axe-${theme}`);
    await make(name, { labels: { team: 'pay' }, description: 'for the eyes' });
    await make(`${name}-off`, { paused: true, pausedReason: 'moving' });
    const page = await stage().open(`/jobs?search=${name}`, { theme });
    await rowOf(page, `${name}-off`).waitFor();
    await page.getByRole('checkbox', { name: `Select ${name}-off` }).check();
    await bar(page).waitFor();
    await expectAccessible(page);
    await bar(page).getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog', { name: 'Pause 1 job?' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await rowOf(page, name)
      .getByRole('button', { name: `More for ${name}`, exact: true })
      .click();
    await page.getByRole('menuitem', { name: 'Run now' }).click();
    await page.getByRole('dialog', { name: `Run ${name} now?` }).waitFor();
    await expectAccessible(page);
    await page.context().close();
  });

  it.each(themesOn(kind))('the first run is accessible to all, %s', async (theme) => {
    const page = await emptyConsole(theme);
    await page.goto(`${stage().url}/jobs`);
    await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    await expectAccessible(page);
    await page.context().close();
  });
}
