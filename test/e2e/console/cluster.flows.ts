import { expect, it } from 'vitest';
import { complaintsOf, expectAccessible } from './browser.js';
import { Kind, Stage, themesOn } from './stage.js';

export function clusterFlows(stage: () => Stage, kind: Kind): void {
  it('names the masters with their leader, the stores and how they stand', async () => {
    const page = await stage().open('/cluster');
    const complaints = complaintsOf(page);
    const { masters, store } = await stage().ask('GET', '/cluster');
    const leader = masters.find((master: { isLeader: boolean }) => master.isLeader);
    const row = page.getByRole('region', { name: 'Masters' }).getByRole('row').filter({ hasText: leader.id });
    await row.getByText('leader').first().waitFor();
    const panel = page.getByRole('region', { name: 'Coordination store' });
    await panel.getByText('answers').waitFor();
    await panel
      .getByText(store.kind === 'etcd' ? 'etcd' : 'embedded, in this process', { exact: false })
      .first()
      .waitFor();
    await page.getByRole('region', { name: 'History' }).getByText('answers').waitFor();
    const vitals = page.getByRole('region', { name: 'How they do' });
    const process = vitals.getByRole('row').filter({ hasText: leader.id }).filter({ hasText: 'master' });
    await process.getByText(/ ms$/).first().waitFor();
    await page.getByText('connected', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: /Swagger UI/ }).getAttribute('href')).toBe('/api/docs');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says on top what is not well, and leads to it', async () => {
    const name = 'cluster-orphan';
    await stage().ask('POST', '/jobs', { name, command: 'true', cronExpr: '0 4 1 1 *', group: 'nobody-here' });
    const page = await stage().open('/cluster');
    await page
      .getByText(/^No worker may run .*cluster-orphan/)
      .first()
      .waitFor({ timeout: 20_000 });
    await page.getByRole('main').getByRole('link', { name: 'Workers' }).click();
    await page.getByRole('link', { name: '1 job and no worker: it does not run' }).waitFor();
    await stage().ask('DELETE', `/jobs/${name}`);
    await page.context().close();
  });

  it.each(themesOn(kind))('is accessible to all, %s', async (theme) => {
    const page = await stage().open('/cluster', { theme });
    await page.getByRole('region', { name: 'Coordination store' }).waitFor();
    await expectAccessible(page);
    await page.context().close();
  });
}
