import { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { complaintsOf, expectAccessible } from './browser.js';
import { Stage } from './stage.js';

const VIEWER = { username: 'editor.viewer', password: 'correct horse battery' };

export function editorFlows(stage: () => Stage): void {
  const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
  const review = (page: Page) => page.getByRole('button', { name: 'Review and save' });
  const save = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true });
  const expression = (page: Page) => page.getByRole('textbox', { name: 'Cron expression' });
  const command = (page: Page) => page.getByRole('textbox', { name: 'Command', exact: true });
  /** The field of YAML, ready to be typed into. */
  const yaml = (page: Page) => page.locator('.cm-content[aria-label="YAML"]');
  const job = (name: string) => stage().ask('GET', `/jobs/${name}`);

  async function made(document: { cronExpr?: string; [field: string]: unknown } = {}): Promise<string> {
    const name = `editor-${Date.now()}`;
    const standard = { name, command: 'true', cronExpr: '0 1 * * *', timezone: 'Asia/Shanghai' };
    await stage().ask('POST', '/jobs', { ...standard, ...document });
    return name;
  }

  it('makes a job by choosing: daily at a time, a command, and there it is', async () => {
    const name = `editor-new-${Date.now()}`;
    const page = await stage().open('/new-job');
    const complaints = complaintsOf(page);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('radio', { name: 'Daily' }).check({ force: true });
    await page.getByRole('textbox', { name: 'Time of day' }).fill('01:30');
    await expect.poll(() => expression(page).inputValue()).toBe('30 1 * * *');
    await page.getByText('Every day at 01:30 (Asia/Shanghai)').waitFor();
    await command(page).fill('echo "hello"');
    await page.getByText('worker-1').first().waitFor();
    await review(page).click();
    await page
      .getByRole('dialog', { name: `Make ${name}?` })
      .getByText('cronExpr: 30 1 * * *')
      .waitFor();
    await save(page).click();
    await page.waitForURL(`**/jobs/${name}`);
    expect(await job(name)).toMatchObject({
      command: 'echo "hello"',
      cronExpr: '30 1 * * *',
      timezone: 'Asia/Shanghai',
    });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('lets builder and expression follow each other', async () => {
    const page = await stage().open('/new-job?cron=*/15%20*%20*%20*%20*');
    const count = page.getByRole('spinbutton', { name: 'How many' });
    expect(await count.inputValue()).toBe('15');
    await expression(page).fill('0 9 * * MON-FRI');
    const tuesday = page.getByRole('button', { name: 'Tuesday' });
    await tuesday.waitFor();
    expect(await page.getByRole('radio', { name: 'Weekly' }).isChecked()).toBe(true);
    await tuesday.click();
    await expect.poll(() => expression(page).inputValue()).toBe('0 9 * * MON,WED-FRI');
    await page.getByRole('radio', { name: 'By hand' }).check({ force: true });
    await page.getByText('None: it runs by hand only.').waitFor();
    await page.context().close();
  });

  it('says what is wrong as it is typed, and all of it once somebody wants to save', async () => {
    const page = await stage().open('/new-job');
    await expression(page).fill('0 25 * * *');
    await page.getByText('hour 25 is outside 0 to 23').waitFor();
    await review(page).click();
    const list = page.getByRole('alert').filter({ hasText: 'things are to be put right' });
    await list.getByRole('button', { name: 'Command', exact: true }).waitFor();
    await list.getByRole('button', { name: 'Cron expression', exact: true }).click();
    await expect.poll(() => expression(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await expression(page).fill('0 2 * * *');
    await page.getByText('hour 25 is outside 0 to 23').first().waitFor({ state: 'hidden' });
    await page.context().close();
  });

  it('names what is wrong as the form labels it, and leads to the very field', async () => {
    const name = await made({ retry: { limit: 2, delaySeconds: 60, maxDelaySeconds: 120 }, env: { DAY: 'today' } });
    const page = await stage().open(`/jobs/${name}/edit`);
    const most = page.getByRole('textbox', { name: 'At most', exact: true });
    await most.fill('0.5');
    await review(page).click();
    const list = page.getByRole('alert').filter({ hasText: 'One thing is to be put right' });
    await list.getByText('must not be below “Fails: First after”').waitFor();
    await list.getByRole('button', { name: 'Fails: At most' }).click();
    await expect.poll(() => most.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.context().close();
  });

  it('shows which fires will change, and saves with the difference in sight', async () => {
    const name = await made();
    const page = await stage().open(`/jobs/${name}/edit`);
    await title(page, `Edit ${name}`).waitFor();
    await page.getByRole('region', { name: 'Next fires' }).getByText('01:00').first().waitFor();
    await page.getByRole('textbox', { name: 'Time of day' }).fill('01:30');
    const change = page.getByRole('region', { name: 'What will change' });
    await change.getByText('01:30').first().waitFor();
    expect(await change.locator('s').first().textContent()).toBe('01:00');
    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog', { name: `Save ${name}?` });
    await dialog.getByRole('cell', { name: 'removed' }).getByText('0 1 * * *').waitFor();
    await save(page).click();
    await page.waitForURL(`**/jobs/${name}`);
    expect((await job(name)).cronExpr).toBe('30 1 * * *');
    await page.context().close();
  });

  it('puts two changes together when somebody else saved meanwhile', async () => {
    const name = await made({ timeoutSeconds: 60 });
    const page = await stage().open(`/jobs/${name}/edit`);
    await title(page, `Edit ${name}`).waitFor();
    await expression(page).fill('30 1 * * *');
    await page.getByRole('textbox', { name: 'End it after' }).fill('2');
    await stage().ask('PATCH', `/jobs/${name}`, { timeoutSeconds: 300, description: 'by somebody else' });
    await page.getByRole('button', { name: 'See both and choose' }).click();
    const dialog = page.getByRole('dialog', { name: `Two changes of ${name}` });
    const goOn = dialog.getByRole('button', { name: 'Go on with this' });
    expect(await goOn.isDisabled()).toBe(true);
    const timeout = dialog.getByRole('group', { name: /timeoutSeconds/ });
    await timeout.getByRole('radio', { name: /Mine/ }).check();
    await goOn.click();
    await page.getByRole('dialog', { name: `Save ${name}?` }).waitFor();
    await save(page).click();
    await page.waitForURL(`**/jobs/${name}`);
    const now = await job(name);
    expect(now).toMatchObject({ cronExpr: '30 1 * * *', timeoutSeconds: 120, description: 'by somebody else' });
    await page.context().close();
  });

  it('finds a conflict by itself where nobody told it', async () => {
    const name = await made();
    const page = await stage().open(`/jobs/${name}/edit`);
    await title(page, `Edit ${name}`).waitFor();
    await page.route('**/api/v1/events**', (route) => route.abort());
    await expression(page).fill('30 1 * * *');
    await review(page).click();
    await page.getByRole('dialog', { name: `Save ${name}?` }).waitFor();
    await stage().ask('PATCH', `/jobs/${name}`, { cronExpr: '0 4 * * *' });
    await save(page).click();
    const dialog = page.getByRole('dialog', { name: `Two changes of ${name}` });
    await dialog.getByRole('button', { name: 'Take all of theirs' }).click();
    await dialog.getByRole('button', { name: 'Go on with this' }).click();
    await expect.poll(() => expression(page).inputValue()).toBe('0 4 * * *');
    expect((await job(name)).cronExpr).toBe('0 4 * * *');
    await page.context().close();
  });

  it('makes a job again that was deleted under its hands, even after a reload', async () => {
    const name = await made();
    const page = await stage().open(`/jobs/${name}/edit`);
    await title(page, `Edit ${name}`).waitFor();
    await expression(page).fill('30 1 * * *');
    await stage().ask('DELETE', `/jobs/${name}`);
    await page.getByText('This job was deleted while you were editing.').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Make it again' }).click();
    await page.getByRole('dialog', { name: `Make ${name}?` }).waitFor();
    await save(page).click();
    await page.waitForURL(`**/jobs/${name}`);
    expect((await job(name)).cronExpr).toBe('30 1 * * *');
    await page.context().close();
  });

  it('tells of a crowded minute, and of an emptier one to take', async () => {
    const company = [1, 2, 3, 4].map((each) => `editor-crowd-${each}-${Date.now()}`);
    for (const name of company) {
      await stage().ask('POST', '/jobs', { name, command: 'true', cronExpr: '17 3 * * *', timezone: 'Asia/Shanghai' });
    }
    const page = await stage().open('/new-job?cron=17%203%20*%20*%20*');
    await page.getByRole('heading', { name: /^\d+ other jobs fire at 03:17$/ }).waitFor();
    await page.getByRole('button', { name: 'Spread with jitter' }).click();
    expect(await page.getByRole('textbox', { name: 'Jitter' }).inputValue()).toBe('59');
    const emptier = page.getByRole('button', { name: /^Take 03:\d\d/ });
    const [minute] = /\d\d(?= )/.exec((await emptier.textContent())!.replace('03:', '')) ?? [];
    await emptier.click();
    await expect.poll(() => expression(page).inputValue()).toBe(`${Number(minute)} 3 * * *`);
    await page.context().close();
    for (const name of company) await stage().ask('DELETE', `/jobs/${name}`);
  });

  it('keeps what is typed through a reload, until it is discarded', async () => {
    const name = await made();
    const page = await stage().open(`/jobs/${name}/edit`);
    await title(page, `Edit ${name}`).waitFor();
    await page.getByRole('textbox', { name: 'What it is for' }).fill('half a sentence');
    await page.reload();
    await page.getByText(/^Restored what you typed at/).waitFor();
    const about = page.getByRole('textbox', { name: 'What it is for' });
    expect(await about.inputValue()).toBe('half a sentence');
    await page.getByRole('link', { name: 'Overview' }).click();
    const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
    await leaving.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => about.inputValue()).toBe('');
    expect((await job(name)).description).toBeUndefined();
    await page.context().close();
  });

  it('is the same document as text, both ways, with faults at their lines', async () => {
    const name = await made({ env: { DAY: 'today' } });
    const page = await stage().open(`/jobs/${name}/edit?view=yaml`);
    await yaml(page).getByText(name).waitFor();
    const said = [`name: ${name}`, 'command: "true"', 'cronExpr: 0 5 * * *', 'timeoutSeconds: soon'];
    await yaml(page).fill(said.join('\n'));
    await page.getByRole('button', { name: 'Line 4:' }).waitFor();
    await page.getByText('timeoutSeconds: must be').first().waitFor();
    await yaml(page).fill([...said.slice(0, 3), 'retry: {limit: 3', ''].join('\n'));
    await page.getByRole('radio', { name: 'Form' }).click({ force: true });
    await page.getByText('Mend the text first').waitFor();
    await yaml(page).fill([...said.slice(0, 3), 'retry: {limit: 3}', ''].join('\n'));
    await choose(page, 'Form');
    await page.getByText('Again after 10 s, 20 s, 40 s.').waitFor();
    expect(await expression(page).inputValue()).toBe('0 5 * * *');
    await page.getByRole('textbox', { name: 'Times', exact: true }).fill('1');
    await choose(page, 'YAML');
    await yaml(page).getByText('limit: 1').waitFor();
    await review(page).click();
    await save(page).click();
    await page.waitForURL(`**/jobs/${name}`);
    const now = await job(name);
    expect(now).toMatchObject({ cronExpr: '0 5 * * *', retry: { limit: 1 } });
    expect(now.env).toBeUndefined();
    await page.context().close();
  });

  it('copies a job under another name', async () => {
    const name = await made({ env: { DAY: 'today' } });
    const page = await stage().open(`/new-job?clone=${name}`);
    const field = page.getByRole('textbox', { name: 'Name', exact: true });
    await expect.poll(() => field.inputValue()).toBe(`${name}-copy`);
    await review(page).click();
    await save(page).click();
    await page.waitForURL(`**/jobs/${name}-copy`);
    expect(await job(`${name}-copy`)).toMatchObject({ command: 'true', env: { DAY: 'today' } });
    await page.context().close();
  });

  it('saves and runs once', async () => {
    const name = await made({ cronExpr: '0 3 1 1 *' });
    const page = await stage().open(`/jobs/${name}/edit`);
    await title(page, `Edit ${name}`).waitFor();
    await command(page).fill('echo once');
    await page.getByRole('button', { name: 'Save and run once' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save and run once' }).click();
    await page.waitForURL('**/runs/**');
    const runs = async () => (await stage().ask('GET', `/runs?job=${name}`)).items;
    await expect.poll(async () => (await runs())[0]?.status, { timeout: 30_000 }).toBe('succeeded');
    await page.context().close();
  });

  it('shows a viewer everything, and saves nothing', async () => {
    const name = await made();
    await stage()
      .ask('POST', '/users', { ...VIEWER, role: 'viewer' })
      .catch(() => undefined);
    const page = await stage().open(`/jobs/${name}/edit`, {}, { who: VIEWER });
    await title(page, `Definition of ${name}`).waitFor();
    await page.getByText('that needs the role editor').waitFor();
    expect(await expression(page).isDisabled()).toBe(true);
    expect(await review(page).count()).toBe(0);
    await page.keyboard.press('Control+s');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await choose(page, 'YAML');
    await yaml(page).getByText(name).waitFor();
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('is accessible to all, %s', async (theme) => {
    const name = await made({ retry: { limit: 2 }, env: { DAY: 'today' }, labels: { team: 'books' } });
    const page = await stage().open(`/jobs/${name}/edit`, { theme });
    await command(page).waitFor();
    await page.getByRole('region', { name: 'Next fires' }).getByText('01:00').first().waitFor();
    await expression(page).fill('0 25 * * *');
    await page.getByText('hour 25 is outside 0 to 23').waitFor();
    await expectAccessible(page);
    await expression(page).fill('30 1 * * *');
    await page.getByText('hour 25 is outside 0 to 23').waitFor({ state: 'hidden' });
    await review(page).click();
    await page.getByRole('dialog', { name: `Save ${name}?` }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Go on editing' }).click();
    await stage().ask('PATCH', `/jobs/${name}`, { cronExpr: '0 4 * * *' });
    await page.getByRole('button', { name: 'See both and choose' }).click();
    await page.getByRole('dialog', { name: `Two changes of ${name}` }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Later' }).click();
    await choose(page, 'YAML');
    await yaml(page).waitFor();
    await expectAccessible(page);
    await page.context().close();
  });
}

/** Takes one of two views by what people see of its button; waits until nothing lies over it. */
async function choose(page: Page, view: 'Form' | 'YAML'): Promise<void> {
  await page.locator('label', { has: page.getByRole('radio', { name: view }) }).click();
}
