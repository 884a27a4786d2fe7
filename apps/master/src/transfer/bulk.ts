import { Actor, JobControl } from '@app/jobs';
import { FleetcronError, InvalidInput } from '@app/platform';
import { z } from 'zod';
import { wordsOf } from '../words/fault-words.js';
import { bulkBody, bulkResultDto } from './transfer.dto.js';

type Bulk = z.infer<typeof bulkBody>;
type Result = z.infer<typeof bulkResultDto>['items'][number];

/** Jobs one call may touch. */
const MAX_JOBS = 1_000;
const AT_ONCE = 8;

/** Does one thing to many jobs and says of each what came of it. Throws what finding them throws. */
export async function doBulk(jobs: JobControl, bulk: Bulk, actor: Actor): Promise<z.infer<typeof bulkResultDto>> {
  const names = [...new Set(bulk.names ?? (await matching(jobs, bulk.filter ?? {})))];
  const items: Result[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const slice = names.slice(at, at + AT_ONCE);
    items.push(...(await Promise.all(slice.map((name) => resultOf(name, doOne(jobs, name, bulk, actor))))));
  }
  const done = items.filter((item) => item.isDone).length;
  return { done, failed: items.length - done, items };
}

async function matching(jobs: JobControl, filter: NonNullable<Bulk['filter']>): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await jobs.list({ ...filter, limit: 500, cursor });
    if (page.total > MAX_JOBS) {
      const message = `It matches ${page.total} jobs, and one call takes ${MAX_JOBS}. Narrow it, or name them.`;
      throw new InvalidInput([{ path: 'filter', message }]);
    }
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return names;
}

async function doOne(jobs: JobControl, name: string, bulk: Bulk, actor: Actor): Promise<unknown> {
  const { action, reason, until } = bulk;
  switch (action) {
    case 'pause':
      return jobs.pause(name, { reason, until }, actor);
    case 'resume':
      return jobs.resume(name, actor);
    case 'run':
      return jobs.requestRun(name, {}, actor);
    case 'kill':
      return jobs.killJob(name, { reason }, actor);
    case 'delete':
      return jobs.remove(name, actor);
    default:
      return action satisfies never;
  }
}

async function resultOf(name: string, work: Promise<unknown>): Promise<Result> {
  try {
    await work;
    return { name, isDone: true };
  } catch (error) {
    if (error instanceof FleetcronError) {
      return { name, isDone: false, code: error.code, message: error.message, text: wordsOf(error) };
    }
    throw error;
  }
}
