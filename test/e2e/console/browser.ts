import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { Browser, BrowserContext, BrowserContextOptions, chromium, Page, Request } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '../../support/until.js';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const HINT = `There is no Chromium at ${CHROMIUM}: tests in a browser are left out. Install the package chromium, or name the program in CHROMIUM_PATH.`;

const BREATH_MS = 300;

/** Whether there is a browser to test in. Where services are required, its absence is a failure. */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  if (process.env.FLEETCRON_REQUIRE_SERVICES === '1') throw new Error(HINT);
  process.stderr.write(`\n${HINT}\n\n`);
  return false;
}

export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', ...args] });
}

/** What somebody's browser is set to. */
export interface Visitor extends Pick<BrowserContextOptions, 'locale' | 'timezoneId' | 'viewport'> {
  readonly language?: 'en' | 'zh';
  readonly theme?: 'light' | 'dark';
}

/** A browser of its own for one person: no cookies, nothing remembered but what is said here. */
export async function visit(browser: Browser, visitor: Visitor = {}): Promise<BrowserContext> {
  const { language = 'en', theme = 'light', ...options } = visitor;
  const context = await browser.newContext({
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1440, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  watchTraffic(context);
  return context;
}

/** What a browser has asked for and has not got yet. */
interface Traffic {
  readonly open: Set<Request>;
  changedAt: number;
}

const trafficOf = new WeakMap<BrowserContext, Traffic>();

/**
 * A stream of events counts until it is answered, for it has no end; the script of the shared worker does not count, for
 * nobody is told when it has come.
 */
function watchTraffic(context: BrowserContext): void {
  const traffic: Traffic = { open: new Set(), changedAt: performance.now() };
  const over = (request: Request): void => {
    if (traffic.open.delete(request)) traffic.changedAt = performance.now();
  };
  context.on('request', (request) => {
    if (/\.worker[^/]*\.[jt]s/.test(request.url())) return;
    traffic.open.add(request);
    traffic.changedAt = performance.now();
  });
  context.on('response', (response) => {
    if (response.headers()['content-type']?.startsWith('text/event-stream')) over(response.request());
  });
  context.on('requestfinished', over);
  context.on('requestfailed', over);
  trafficOf.set(context, traffic);
}

/** Until a page has what it asked for and has asked for nothing more for a breath, or for so long, milliseconds. */
export async function atRest(page: Page, withinMs = 3_000): Promise<void> {
  const traffic = trafficOf.get(page.context());
  const isAtRest = (): boolean => traffic?.open.size === 0 && performance.now() - traffic.changedAt > BREATH_MS;
  await until('the page is at rest', isAtRest, withinMs).catch(() => undefined);
}

/** What a page complained of in its console: errors, and what the Content-Security-Policy forbade. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Answers that are no success are told by the page itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  return complaints;
}

/**
 * Fails with every accessibility violation axe finds on the page as it stands. Legacy means that frames are not gone into:
 * the console has none, and without them it takes half the time.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
  expect(found, `accessibility of ${page.url()}`).toEqual([]);
}
