import { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { complaintsOf, expectAccessible } from './browser.js';
import { Stage } from './stage.js';

/** Prints a line each 200 ms for two minutes; every seventh on stderr as well. */
const TICKER =
  'i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo "tick $i"; [ $((i % 7)) = 0 ] && echo "warn $i" >&2; sleep 0.2; done';

/** What a hostile job may print. */
const HOSTILE = [
  String.raw`printf '<img src=x onerror=alert(1)>\n<script>window.__owned = 1; alert(2)</script>\n'`,
  String.raw`printf '\033]8;;javascript:alert(3)\033\\click me\033]8;;\033\\\n\033[2J\033[1;1Hmoved\n\033]0;owned\007after title\n'`,
  String.raw`printf 'invoice\342\200\256txt.exe\n\000nul\n'`,
  String.raw`printf 'partition \033[32mok\033[0m\n'`,
  String.raw`printf '10%%\r55%%\r100%%\n'`,
  String.raw`printf 'WARN slow\nFATAL: refused\n' >&2`,
  'sleep 0.3; echo last line; exit 2',
].join('\n');

export function runFlows(stage: () => Stage): void {
  /** Makes a job and runs it; gives the id of the run. */
  async function start(name: string, command: string, more: object = {}): Promise<string> {
    await stage().ask('POST', '/jobs', { name, command, ...more });
    return (await stage().ask('POST', `/jobs/${name}/run`, {})).runId;
  }

  async function ended(id: string): Promise<void> {
    await expect
      .poll(async () => (await stage().ask('GET', `/runs/${id}/output`)).isComplete, { timeout: 20_000 })
      .toBe(true);
  }

  const log = (page: Page) => page.getByRole('log', { name: 'Output' });

  it('follows what a job prints, kills it by the button, and says who did and why', async () => {
    const id = await start('run-ticker', TICKER);
    const page = await stage().open(`/runs/${id}`);
    const complaints = complaintsOf(page);
    await page.getByRole('heading', { level: 1, name: /^Running for / }).waitFor();
    await log(page).getByText('tick 3', { exact: true }).waitFor();
    await log(page).getByText('warn 7', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Kill', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: /Kill the running run-ticker on/ });
    await dialog.getByLabel(/Reason/).fill('it ticks too much');
    await dialog.getByRole('button', { name: 'Kill' }).click();
    await page.getByRole('heading', { level: 1, name: /^Killed after / }).waitFor();
    await page.getByText(/Killed by li\.wei: it ticks too much/).waitFor();
    expect(await page.getByRole('button', { name: 'Kill', exact: true }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('leaves the end when one scrolls up, counts what comes, and returns', async () => {
    const id = await start('run-follow', 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo "line $i"; sleep 0.02; done');
    const page = await stage().open(`/runs/${id}`);
    await log(page)
      .getByText(/^line \d{3}$/)
      .first()
      .waitFor();
    await log(page).hover();
    await page.mouse.wheel(0, -400);
    const more = page.getByRole('button', { name: /new lines? ↓/ });
    await more.waitFor();
    const follow = page.getByRole('button', { name: 'follow' });
    expect(await follow.getAttribute('aria-pressed')).toBe('false');
    await more.click();
    expect(await follow.getAttribute('aria-pressed')).toBe('true');
    await more.waitFor({ state: 'detached' });
    await stage().ask('POST', `/runs/${id}/kill`, {});
    await page.getByRole('heading', { level: 1, name: /^Killed after / }).waitFor();
    await page.context().close();
  });

  it('shows what a hostile job prints as text, and nothing of it runs', async () => {
    const id = await start('run-hostile', HOSTILE);
    await ended(id);
    const page = await stage().open('/runs');
    const complaints = complaintsOf(page);
    const dialogs: string[] = [];
    const requests: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await page.goto(`${stage().url}/runs/${id}`);
    await log(page).getByText('last line').waitFor();
    const text = await log(page).textContent();
    expect(text).toContain('<img src=x onerror=alert(1)>');
    expect(text).toContain('<script>window.__owned = 1; alert(2)</script>');
    expect(text).toContain('click me');
    expect(text).toContain('moved');
    expect(text).toContain('after title');
    expect(text).toContain('invoice⟨U+202E⟩txt.exe');
    expect(text).toContain('␀nul');
    expect(text).not.toContain('javascript:');
    expect(await log(page).locator('img, script, iframe, a[href^="javascript"]').count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(window, '__owned'))).toBeUndefined();
    expect(await page.title()).not.toContain('owned');
    expect(dialogs).toEqual([]);
    expect(requests.filter((path) => path.endsWith('/x'))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('paints colours, lets the last writing of a line win, and marks stderr', async () => {
    const id = await start('run-colours', HOSTILE);
    await ended(id);
    const page = await stage().open(`/runs/${id}`);
    const ok = log(page).locator('.t-fg-2', { hasText: /^ok$/ });
    await ok.waitFor();
    const colour = (selector: string) =>
      log(page)
        .locator(selector)
        .first()
        .evaluate((e) => getComputedStyle(e).color);
    expect(await colour('.t-fg-2')).not.toBe(await colour('.line:not(.err) .text'));
    const text = await log(page).textContent();
    expect(text).toContain('100%');
    expect(text).not.toContain('55%');
    expect(await log(page).locator('.line.err').allInnerTexts()).toEqual([
      expect.stringContaining('WARN slow'),
      expect.stringContaining('FATAL: refused'),
    ]);
    await page.getByRole('heading', { level: 1, name: /^Failed with exit code 2 after / }).waitFor();
    await page.context().close();
  });

  it('searches, jumps to the first error, shows one stream, and keeps the line in the address', async () => {
    const id = await start(
      'run-search',
      'seq 1 50000; sleep 0.5; echo "FATAL: refused" >&2; sleep 0.5; seq 50001 60000',
    );
    await ended(id);
    const page = await stage().open(`/runs/${id}`);
    const complaints = complaintsOf(page);
    await page.getByText('60,001 lines').waitFor();
    await page.keyboard.press('f');
    await page.keyboard.type('4777');
    await page.getByText('1 of 16').waitFor();
    await log(page).locator('.t-current', { hasText: '4777' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('2 of 16').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.waitForURL(/#L\d+$/);
    const line = log(page).locator('.line.chosen');
    await line.getByText('FATAL: refused').waitFor();
    const number = new URL(page.url()).hash.slice(2);
    await page.reload();
    await log(page).locator('.line.chosen').getByText('FATAL: refused').waitFor();
    expect(new URL(page.url()).hash).toBe(`#L${number}`);
    await log(page)
      .getByRole('link', { name: `Line ${number}`, exact: true })
      .click();
    const next = String(Number(number) + 2);
    await log(page)
      .getByRole('link', { name: `Line ${next}`, exact: true })
      .click({ modifiers: ['Shift'] });
    await page.waitForURL(new RegExp(`#L${number}-L${next}$`));
    expect(await log(page).locator('.line.chosen').count()).toBe(3);
    await page.getByRole('radio', { name: 'stderr' }).locator('..').click();
    await page.waitForURL(/stream=stderr/);
    await expect.poll(() => log(page).locator('.line').count()).toBe(1);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows both attempts and the one to come, and compares with the last success', async () => {
    const flag = `/tmp/fleetcron-run-compare-${Date.now()}-${process.pid}`;
    const command = `if [ -e ${flag} ]; then echo beta; rm ${flag}; exit 3; else echo alpha; fi`;
    const good = await start('run-compare', command, { retry: { limit: 2, delaySeconds: 3600 } });
    await ended(good);
    await stage().ask('PATCH', '/jobs/run-compare', { command: 'echo beta; exit 3', description: 'broken meanwhile' });
    const lonely = await stage().open(`/runs/${good}`);
    const lone = (name: RegExp) => lonely.getByRole('button', { name });
    for (const [name, why] of [
      [/Previous run/, 'This is the oldest run that is kept.'],
      [/Next run/, 'This is the newest run.'],
      [/Compare/, 'There is no earlier successful run to compare with.'],
    ] as const) {
      await expect.poll(() => lone(name).getAttribute('title')).toBe(why);
      expect(await lone(name).isDisabled()).toBe(true);
    }
    const bad = (await stage().ask('POST', '/jobs/run-compare/run', {})).runId;
    await ended(bad);
    await expect.poll(() => lone(/Next run/).isEnabled()).toBe(true);
    await lonely.context().close();
    const page = await stage().open(`/runs/${bad}`);
    await page.getByText(/^Attempt 1 of 3, the next in 59 min/).waitFor();
    await page.getByRole('link', { name: 'Attempt 2: queued' }).waitFor();
    await page.getByRole('button', { name: 'Compare with last success' }).click();
    const dialog = page.getByRole('dialog', { name: /^Compared with the run of/ });
    await dialog.getByText('alpha').first().waitFor();
    await dialog.getByText('beta').first().waitFor();
    await page.waitForURL(new RegExp(`compare=${good}`));
    await dialog.getByRole('button', { name: /Close/ }).click();
    await page.goto(`${stage().url}/runs/${good}`);
    await page.getByRole('button', { name: 'diff to now' }).click();
    await page.getByRole('dialog').getByText('broken meanwhile').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Next run/ }).click();
    await page.waitForURL(new RegExp(`/runs/${bad}`));
    await page.goto(`${stage().url}/runs/${bad}.2`);
    await page.getByRole('heading', { level: 1, name: 'Queued' }).waitFor();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('heading', { level: 1, name: 'Cancelled before it started' }).waitFor();
    await page.context().close();
  });

  it('shows no secret of the environment', async () => {
    const id = await start('run-secret', 'echo "$DAY"', { env: { DAY: '2026-11-20', LEDGER_KEY: 'hunter2' } });
    await ended(id);
    const page = await stage().open(`/runs/${id}`);
    await page.getByText('LEDGER_KEY').waitFor();
    await page.getByRole('definition').filter({ hasText: '2026-11-20' }).first().waitFor();
    expect(await page.locator('main').textContent()).not.toContain('hunter2');
    await page.context().close();
  });

  it('says of a run that is not there what became of it', async () => {
    const page = await stage().open('/runs/01m7y2en4aeg3jh1jv953tw6zz');
    await page.getByText(/There is no such run/).waitFor();
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.context().close();
  });

  it('can be used by everybody, light and dark, wide and narrow', async () => {
    const id = await start('run-accessible', HOSTILE);
    await ended(id);
    for (const visitor of [
      { theme: 'light' },
      { theme: 'dark', language: 'zh' },
      { theme: 'dark', viewport: { width: 390, height: 844 } },
    ] as const) {
      const page = await stage().open(`/runs/${id}#L2`, visitor);
      await page.getByRole('log').getByText('last line').waitFor();
      await expectAccessible(page);
      await page.context().close();
    }
  });
}
