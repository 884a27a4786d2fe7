import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedDemo } from '../../support/demo-fleet.js';
import { atRest, complaintsOf, expectAccessible, hasChromium, Visitor, visit } from './browser.js';
import { Stage } from './stage.js';

/**
 * Every page of the console over a fleet with a past: accessible in both themes, nothing wider than the screen, no
 * complaint. With SCREENSHOTS=FOLDER (`npm run screenshots`) a picture of each is kept there, in both languages and
 * themes, wide and on a phone.
 */
const FOLDER = process.env.SCREENSHOTS;
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

interface Place {
  readonly name: string;
  readonly path: string | ((stage: Stage) => Promise<string>);
}

/** Jobs that are running while the pages are looked at, and what they print. */
const AT_WORK = { 'shop-search-rebuild': 'indexed batch', 对账文件下载: '已下载文件' };

const latestRun = (query: string) => async (stage: Stage) => {
  const { items } = await stage.ask('GET', `/runs?limit=1&${query}`);
  return `/runs/${items[0].id}`;
};

const PLACES: readonly Place[] = [
  { name: 'overview', path: '/' },
  { name: 'jobs', path: '/jobs' },
  { name: 'import', path: '/jobs?import=1' },
  { name: 'job-runs', path: '/jobs/nightly-clearing' },
  ...['calendar', 'durations', 'plan', 'ledger', 'versions', 'definition'].map((tab) => ({
    name: `job-${tab}`,
    path: `/jobs/nightly-clearing?tab=${tab}`,
  })),
  { name: 'editor', path: '/jobs/nightly-clearing/edit' },
  { name: 'new-job', path: '/new-job' },
  { name: 'runs', path: '/runs' },
  { name: 'run', path: latestRun('job=nightly-clearing&status=failed') },
  { name: 'plan', path: '/plan' },
  { name: 'workers', path: '/workers' },
  { name: 'cluster', path: '/cluster' },
  { name: 'settings', path: '/settings' },
  { name: 'nowhere', path: '/no/such/page' },
];

describe.runIf(hasChromium())('every page', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.set(
      'standalone',
      async (folder) => void (await seedDemo(folder, Date.now(), { group: 'default' })),
    );
    for (const [name, words] of Object.entries(AT_WORK)) {
      const command = `for n in $(seq 1 2000); do echo "${words} $n"; sleep 0.4; done`;
      await stage.ask('POST', '/jobs', { name, command, cronExpr: '20 4 * * *', timezone: 'Asia/Shanghai' });
      await stage.ask('POST', `/jobs/${name}/run`, {});
    }
    if (FOLDER) mkdirSync(FOLDER, { recursive: true });
  }, 120_000);

  afterAll(async () => stage?.strike());

  async function at(place: Place, visitor: Visitor): Promise<[Page, string[]]> {
    const page = await stage.open('/settings', visitor);
    const complaints = complaintsOf(page);
    await goTo(page, place);
    return [page, complaints];
  }

  async function goTo(page: Page, { path }: Place): Promise<void> {
    await page.goto(stage.url + (typeof path === 'string' ? path : await path(stage)));
    await page.locator('main h1').waitFor();
    await settled(page);
  }

  describe.each(PLACES)('$name', (place) => {
    it.each(['light', 'dark'] as const)('is accessible and without complaint, %s', async (theme) => {
      const [page, complaints] = await at(place, { theme, viewport: WIDE });
      await expectAccessible(page);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('fits on a phone', async () => {
      const [page, complaints] = await at(place, { viewport: PHONE });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
      await expectAccessible(page);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });

  if (FOLDER) {
    const looks = (['en', 'zh'] as const).flatMap((language) =>
      (['light', 'dark'] as const).flatMap((theme) =>
        Object.entries({ wide: WIDE, phone: PHONE }).map(([width, viewport]) => ({ language, theme, width, viewport })),
      ),
    );
    it.each(looks)('has its picture taken, $language $theme $width', async ({ width, ...visitor }) => {
      const page = await stage.open('/settings', visitor);
      for (const place of PLACES) {
        await goTo(page, place);
        const file = `${place.name}-${visitor.language}-${visitor.theme}-${width}.png`;
        await page.screenshot({ path: join(FOLDER, file), fullPage: width === 'phone' });
      }
      await page.context().close();
    });

    it('is shown at the door and on the first day as well', async () => {
      const fresh = await Stage.set('standalone');
      for (const { width, ...visitor } of looks) {
        const keep = async (page: Page, name: string) => {
          await page.getByRole('heading', { level: 1 }).waitFor();
          await settled(page);
          const file = `${name}-${visitor.language}-${visitor.theme}-${width}.png`;
          await page.screenshot({ path: join(FOLDER, file), fullPage: width === 'phone' });
          await page.context().close();
        };
        const stranger = await (await visit(fresh.browser, visitor)).newPage();
        await stranger.goto(`${fresh.url}/sign-in`);
        await keep(stranger, 'sign-in');
        await keep(await fresh.open('/', visitor), 'first-run');
      }
      await fresh.strike();
    });

    it('has its picture taken for the README', async () => {
      const page = await stage.open('/', { viewport: { width: 1280, height: 800 } });
      const keep = (name: string) => page.screenshot({ path: join(FOLDER, `readme-${name}.png`) });
      await goTo(page, { name: 'overview', path: '/' });
      await keep('overview');
      await goTo(page, { name: 'run', path: latestRun('job=nightly-clearing&status=failed') });
      await keep('run');
      await goTo(page, { name: 'why', path: '/jobs/flash-sale-open?tab=ledger' });
      await page.getByRole('button', { name: /^Why/ }).first().click();
      await settled(page);
      await keep('why');
      await goTo(page, { name: 'editor', path: '/jobs/nightly-clearing/edit' });
      await page.getByLabel('Cron expression').fill('30 1 * * MON-FRI');
      await page.getByText('What will change').waitFor();
      await page.evaluate(() => scrollTo(0, 270));
      await settled(page);
      await keep('editor');
      await page.context().close();
    });
  }
});

/** Until nothing loads any more: no skeleton, no busy table, a breath without requests. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('main [aria-busy=true], main .ghost'));
  await atRest(page);
}
