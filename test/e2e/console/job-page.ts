import { Page } from 'playwright-core';
import { expect } from 'vitest';
import { Stage } from './stage.js';

let made = 0;

/** A job of this flow alone. It fires never by itself unless told otherwise. */
export async function makeJob(stage: Stage, document: Record<string, unknown> = {}): Promise<string> {
  made += 1;
  const name = `job-page-${Date.now()}-${made}`;
  await stage.ask('POST', '/jobs', { name, command: 'echo done', ...document });
  return name;
}

/** Opens the page of a job and waits until it stands. */
export async function openJob(
  stage: Stage,
  name: string,
  query = '',
  theme: 'light' | 'dark' = 'light',
): Promise<Page> {
  const page = await stage.open(`/jobs/${name}${query}`, { theme });
  await page.getByRole('heading', { level: 1, name }).waitFor();
  return page;
}

/** Runs a job through the API and waits for its end. */
export async function runToEnd(stage: Stage, name: string): Promise<string> {
  const { runId } = await stage.ask('POST', `/jobs/${name}/run`);
  await expect
    .poll(async () => (await stage.ask('GET', `/runs?job=${name}&limit=100`)).items.find(isRun(runId))?.status, {
      timeout: 20_000,
    })
    .toBe('succeeded');
  return runId;
}

/** Waits until the sums have taken the runs of a job in: they follow some seconds behind. */
export async function untilCounted(stage: Stage, name: string): Promise<void> {
  const total = async () => (await stage.ask('GET', `/jobs/${name}/stats?window=90d`)).total;
  await expect.poll(total, { timeout: 30_000 }).toBeGreaterThan(0);
}

const isRun = (runId: string) => (run: { id: string }) => run.id === runId;
/** The table of its runs. */
export const runsOf = (page: Page, name: string) => page.getByRole('table', { name: `Runs of ${name}` });
