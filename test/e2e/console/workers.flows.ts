import { expect, it } from 'vitest';
import { complaintsOf, expectAccessible } from './browser.js';
import { Kind, Stage, themesOn } from './stage.js';

export function workersFlows(stage: () => Stage, kind: Kind): void {
  it('shows each worker with its slots, its clock and when it was heard of, and its group', async () => {
    const page = await stage().open('/workers');
    const complaints = complaintsOf(page);
    const row = page.getByRole('table', { name: 'Workers' }).getByRole('row').filter({ hasText: 'worker-1' });
    await row.getByText('ready').waitFor();
    await row.getByText(/\d+ of \d+ slots taken/).waitFor({ state: 'attached' });
    await row.getByText(/now|s ago/).waitFor();
    const groups = page.getByRole('table', { name: 'Groups' });
    await groups.getByRole('row').filter({ hasText: 'default' }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('counts what runs on a worker as it begins, and leads to it', async () => {
    const name = 'workers-busy';
    await stage().ask('POST', '/jobs', { name, command: 'sleep 600' });
    const page = await stage().open('/workers');
    await stage().ask('POST', `/jobs/${name}/run`, { worker: 'worker-1' });
    const link = page.getByRole('link', { name: /^\d+ running on worker-1$/ });
    await link.click({ timeout: 20_000 });
    await page.waitForURL(/\/runs\?worker=worker-1&status=running/);
    await stage().ask('POST', `/jobs/${name}/kill`, {});
    await page.context().close();
    await stage().ask('DELETE', `/jobs/${name}`);
  });

  it('asks before it drains, names the jobs that would stand still, and takes it back', async () => {
    const name = 'workers-only-here';
    await stage().ask('POST', '/jobs', {
      name,
      command: 'true',
      cronExpr: '0 5 1 1 *',
      routing: { worker: 'worker-1' },
    });
    const page = await stage().open('/workers');
    const row = page.getByRole('table', { name: 'Workers' }).getByRole('row').filter({ hasText: 'worker-1' });
    await row.getByRole('button', { name: 'Drain worker-1' }).click();
    const dialog = page.getByRole('dialog', { name: 'Drain worker-1?' });
    // On one worker alone all jobs hang, and not all are named.
    await dialog.getByText(kind === 'cluster' ? name : /no other worker may run/).waitFor();
    await dialog.getByRole('button', { name: 'Drain' }).click();
    await row.getByText('draining').waitFor();
    await row.getByRole('button', { name: 'Undrain worker-1' }).click();
    await row.getByText('ready').waitFor();
    await stage().ask('DELETE', `/jobs/${name}`);
    await page.context().close();
  });

  it('says how to add a worker, or how to grow', async () => {
    const page = await stage().open('/workers');
    const add = page.getByRole('region', { name: 'Add a worker' });
    await add.getByText('npm run start:worker').waitFor();
    if (kind === 'cluster') {
      await add.getByText('Kubernetes').click();
      await add.getByText('kubectl apply').waitFor();
    } else {
      await add.getByText(/This is standalone/).waitFor();
    }
    await page.context().close();
  });

  if (kind === 'cluster') {
    it('says within seconds that a worker has gone, with what it had, and that it is back', async () => {
      const name = 'workers-orphaned';
      const victim = stage().cluster!.workers.find((worker) => worker.name === 'worker-3')!;
      await stage().ask('POST', '/jobs', { name, command: 'sleep 600' });
      await stage().ask('POST', `/jobs/${name}/run`, { worker: 'worker-3' });
      const page = await stage().open('/workers');
      const row = page.getByRole('table', { name: 'Workers' }).getByRole('row').filter({ hasText: 'worker-3' });
      await page.getByRole('link', { name: '1 running on worker-3' }).waitFor({ timeout: 20_000 });
      victim.signal('SIGKILL');
      const gone = page.getByRole('listitem').filter({ hasText: /worker-3\s*gone since/ });
      await gone.waitFor({ timeout: 30_000 });
      await row.waitFor({ state: 'hidden' });
      await gone.getByRole('link', { name }).waitFor();
      await expectAccessible(page);
      await victim.exit();
      await victim.start();
      await row.getByText('ready').waitFor({ timeout: 60_000 });
      await gone.waitFor({ state: 'hidden' });
      await page.context().close();
      await stage().ask('DELETE', `/jobs/${name}`);
    });
  }

  it.each(themesOn(kind))('is accessible to all, %s', async (theme) => {
    const page = await stage().open('/workers', { theme });
    await page.getByRole('table', { name: 'Workers' }).getByText('ready').first().waitFor();
    await page.getByRole('region', { name: 'Add a worker' }).waitFor();
    await expectAccessible(page);
    await page.context().close();
  });
}
