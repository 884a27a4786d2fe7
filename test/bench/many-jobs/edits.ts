import { Etcd3 } from 'etcd3';
import { Api } from '../../support/cluster/api.js';
import { Spread, spread } from '../results.js';

const AT_ONCE = 8;

/** How fast edits went. */
export interface Edits {
  readonly perSecond: number;
  /** One edit, milliseconds. */
  readonly times: Spread;
}

/**
 * Edits each job once through the API, eight at a time: every other edit changes the schedule, so that its cursor moves
 * along. Throws when one is refused.
 */
export async function editJobs(api: Api, names: readonly string[]): Promise<Edits> {
  return eightAtATime(names.length, async (index) => {
    const { status, json } = await api.call('PATCH', `/jobs/${names[index]}`, patchOf(index));
    if (status !== 200) throw new Error(`PATCH ${names[index]}: ${status} ${JSON.stringify(json)}`);
  });
}

/** How many of the edited jobs do not stand in the store as they were edited. */
export async function countLostEdits(etcd: Etcd3, names: readonly string[]): Promise<number> {
  let lost = 0;
  for (const [index, name] of names.entries()) {
    const document = (await etcd.get(`/cron/jobs/${name}`).json()) as Record<string, unknown> | null;
    if (Object.entries(patchOf(index)).some(([field, value]) => document?.[field] !== value)) lost++;
  }
  return lost;
}

/** The least an edit can be: read a key, and put it where nobody has changed it. Eight at a time, with the bare library. */
export async function editKeys(etcd: Etcd3, count: number): Promise<Edits> {
  const key = (index: number): Buffer => Buffer.from(`/floor/${index}`);
  const value = Buffer.from('x'.repeat(150));
  for (let index = 0; index < count; index++) await etcd.put(key(index)).value(value);
  const edits = await eightAtATime(count, async (index) => {
    const { kvs } = await etcd.kv.range({ key: key(index) });
    const mod_revision = kvs[0]!.mod_revision;
    const { succeeded } = await etcd.kv.txn({
      compare: [{ key: key(index), result: 'Equal', target: 'Mod', mod_revision }],
      success: [{ request_put: { key: key(index), value } }],
      failure: [],
    });
    if (!succeeded) throw new Error('nobody else edits it');
  });
  await etcd.delete().prefix('/floor/');
  return edits;
}

function patchOf(index: number): Readonly<Record<string, string>> {
  return index % 2 === 0
    ? { description: `Edited as number ${index}.` }
    : { cronExpr: `${index % 60} ${index % 24} 29 2 *` };
}

async function eightAtATime(count: number, edit: (index: number) => Promise<void>): Promise<Edits> {
  const times: number[] = [];
  let next = 0;
  const since = performance.now();
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const begun = performance.now();
      await edit(index);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { perSecond: Math.round((count / (performance.now() - since)) * 1_000), times: spread(times) };
}
