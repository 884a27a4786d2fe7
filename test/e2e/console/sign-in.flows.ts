import { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { complaintsOf, expectAccessible, Visitor, visit } from './browser.js';
import { ADMIN, Kind, Stage, themesOn } from './stage.js';

export function signInFlows(stage: () => Stage, kind: Kind): void {
  /** Somebody who has not signed in. */
  async function stranger(path: string, visitor: Visitor = {}): Promise<Page> {
    const page = await (await visit(stage().browser, visitor)).newPage();
    await page.goto(stage().url + path);
    return page;
  }

  async function signIn(page: Page, { username, password } = ADMIN): Promise<void> {
    await page.getByLabel('User name').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  it('leads a stranger to the sign-in and, signed in, to where they wanted to go', async () => {
    const page = await stranger('/settings?from=mail');
    const complaints = complaintsOf(page);
    await page.waitForURL(/\/sign-in\?next=/);
    await signIn(page, { ...ADMIN, password: 'wrong horse battery' });
    await page.getByText('User name or password is wrong.').waitFor();
    await signIn(page);
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(page.url()).toBe(`${stage().url}/settings?from=mail`);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('leads nobody to another site', async () => {
    const page = await stranger('/sign-in?next=https%3A%2F%2Fevil.example%2F');
    await signIn(page);
    await page.waitForURL((url) => url.pathname === '/');
    expect(page.url()).toBe(`${stage().url}/`);
    await page.context().close();
  });

  it('asks again over the page when the session has ended, and loses nothing typed', async () => {
    const page = await stage().open('/settings');
    const field = page.getByLabel('What it is for');
    await field.fill('nightly export');
    await page.context().clearCookies();
    // Not by a click: the page may have noticed by itself already, and stand behind the dialog.
    await field.evaluate((input: HTMLInputElement) => input.form?.requestSubmit());
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await signIn(page);
    // The deed goes on by itself.
    await page.getByText('Copy it now: it is not shown again.').waitFor();
    const { items } = await stage().ask('GET', '/tokens');
    expect(items.filter(({ name }: { name: string }) => name === 'nightly export')).toHaveLength(1);
    await page.context().close();
  });

  it('signs out', async () => {
    const page = await stranger('/settings');
    await signIn(page);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByText('Sign out').click();
    await page.waitForURL(/\/sign-in/);
    await page.goto(`${stage().url}/jobs`);
    await page.waitForURL(/\/sign-in\?next=/);
    await page.context().close();
  });

  it.each(themesOn(kind))('is accessible to all, %s', async (theme) => {
    const page = await stranger('/sign-in?link=over', { theme });
    await page.getByLabel('User name').waitFor();
    await expectAccessible(page);
    await page.context().close();
  });

  if (kind === 'standalone') {
    it('by the one-time link of standalone', async () => {
      const link = new URL(stage().standalone!.signInLink);
      const page = await stranger(link.pathname + link.search);
      await page.getByRole('navigation', { name: 'Main' }).waitFor();
      await page.context().close();
      const late = await stranger(link.pathname + link.search);
      await late.getByText('This link is no longer valid.').waitFor();
      await late.context().close();
    });
  }
}
