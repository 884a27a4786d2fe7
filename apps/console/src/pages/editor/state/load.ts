import { getJob, type Job } from '@fleetcron/sdk';
import type { LocationQuery } from 'vue-router';
import { askFully } from '@/api/ask';
import { ApiProblem } from '@/api/problem';
import { type Draft, documentOf } from '@/editing/job-document';
import { viewerZone } from '@/format/zone';
import { said } from '@/i18n/said';
import { draftBox } from './drafts';
import type { Beginning, Saved } from './editor';

/** A job with what it is now, for the editor. */
export interface LoadedJob extends Saved {
  readonly job: Job;
}

/** Reads a job as the store has it at this moment. Throws ApiProblem. */
export async function loadJob(name: string): Promise<LoadedJob> {
  const { data, headers } = await askFully(() => getJob({ path: { name } }));
  return {
    job: data,
    document: documentOf(data) as unknown as Draft,
    etag: headers.get('etag') ?? `"${data.revision}"`,
  };
}

/** What the form of a job begins with. Of a job that is gone: what somebody typed into it, where they did. */
export async function beginningOf(name: string): Promise<Beginning> {
  try {
    const { document, etag, job } = await loadJob(name);
    const { runCount = 0, invalid } = job;
    return { saved: { document, etag }, document, runCount, ...(invalid && { invalid: said(invalid.text) }) };
  } catch (error) {
    const draft = draftBox().read(name);
    if (!(error instanceof ApiProblem) || error.status !== 404 || !draft?.base || draft.etag === undefined) throw error;
    return { saved: { document: draft.base, etag: draft.etag }, document: draft.base };
  }
}

/** What the form of a new job begins with: a copy of `?clone=NAME`, else what `?name=&cron=&command=` say. */
export async function beginningOfNew(query: LocationQuery): Promise<Beginning> {
  const clone = one(query.clone);
  if (clone) {
    const { document } = await loadJob(clone);
    return { document: { ...document, name: `${clone}-copy` } };
  }
  const zone = viewerZone.value;
  return {
    document: {
      ...(one(query.name) && { name: one(query.name) }),
      cronExpr: one(query.cron) ?? '0 8 * * *',
      ...(zone !== 'UTC' && { timezone: zone }),
      ...(one(query.command) && { command: one(query.command) }),
    },
  };
}

/** The key of the draft of a new job: one for each way it was begun. */
export function keyOfNew(query: LocationQuery): string {
  const given = ['clone', 'name', 'cron', 'command'].flatMap((key) =>
    one(query[key]) ? [`${key}=${one(query[key])}`] : [],
  );
  // A name of a job begins with a letter or a digit, so no job is called this.
  return ['+new', ...given].join('&');
}

function one(value: LocationQuery[string] | undefined): string | undefined {
  return (Array.isArray(value) ? value[0] : value) ?? undefined;
}
