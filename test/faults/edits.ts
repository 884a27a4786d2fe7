import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { until, untilTime } from '../support/until.js';
import { secondAfter, span } from './span.js';
import { account } from './verdict.js';

const STORMY = 400;
const EDITS_AT_ONCE = 100;
const COMPACTED_EVERY = 2_000;
/** Shorter than a session lives without being renewed. */
const CUT_OFF_MS = 4_000;

/** Definitions that change while they fire. */
export function edits(stage: () => Stage): void {
  it('claims nothing by a definition older than one that was acknowledged', async () => {
    const { cluster } = stage();
    const from = secondAfter(Date.now());
    const rounds = span(40, 14);
    for (let definition = 1; definition <= rounds; definition++) {
      const api = cluster.api(cluster.masters[definition % cluster.masters.length]);
      await stage().putDefinition(api, 'edited', definition, 1 + (definition % 3 === 0 ? 1 : 0));
      // Now right after the one before, now long enough that its fires are certain.
      await delay(definition % 2 === 0 ? 150 : 3_700 + 37 * definition);
    }
    await account(stage(), `a job edited ${rounds} times through both masters`, [from, Date.now() - 5_000]);
    const told = stage()
      .truth()
      .starts.filter(({ jobName }) => jobName === 'edited');
    expect(new Set(told.map(({ definition }) => definition)).size).toBeGreaterThanOrEqual(rounds / 2);
  }, 300_000);

  it('has a worker catch up with what was edited and compacted away while it was cut off', async () => {
    const { cluster } = stage();
    const { etcd } = cluster;
    const way = cluster.waysToStore[0]!;
    const names = Array.from({ length: 20 }, (_, index) => `unheard-${index}`);
    const from = secondAfter(Date.now());
    let edits = 0;
    const storm = async (end: number): Promise<void> => {
      while (Date.now() < end) {
        const success = Array.from({ length: EDITS_AT_ONCE }, () => editOf(edits++));
        const { header } = await etcd.kv.txn({ compare: [], success, failure: [] });
        if (edits % COMPACTED_EVERY === 0) await etcd.kv.compact({ revision: header.revision });
        // No faster than five thousand a second.
        await untilTime(from + edits / 5);
      }
    };
    await storm(from + span(10_000, 2_000));
    way.isRefusing = true;
    way.cut();
    for (const name of names) await stage().putDefinition(cluster.api(), name, 1, 1);
    await storm(Date.now() + CUT_OFF_MS);
    way.isRefusing = false;
    await storm(Date.now() + span(10_000, 2_000));
    const took = Date.now() - from;
    const healed = secondAfter(Date.now());
    await stage().untilAllTick(healed, 60_000);
    await until(
      'the worker that was cut off runs what it did not hear of',
      async () => {
        const runs = (await Promise.all(names.map((name) => cluster.api().runsOf(name)))).flat();
        return runs.some(({ worker, scheduledTime }) => worker === 'worker-1' && scheduledTime >= healed);
      },
      30_000,
    );
    const { json } = await cluster.api().get(`/jobs?search=stormy-&limit=${STORMY}`);
    for (const { name, description } of json.items) {
      expect([name, description]).toEqual([name, lastWords(Number(name.slice('stormy-'.length)), edits)]);
    }
    expect(json.items).toHaveLength(STORMY);
    await account(stage(), `${Math.round((edits / took) * 1_000)} edits a second, compacted away`, [
      from,
      Date.now() - 5_000,
    ]);
    for (const name of names) await stage().remove(name);
    await etcd.delete().prefix('/cron/jobs/stormy-');
  }, 300_000);
}

/** One of many edits, dealt out in turn to jobs that are not due for months: its words say which it was. */
function editOf(number: number): { request_put: { key: Buffer; value: Buffer } } {
  const name = `stormy-${number % STORMY}`;
  const job = { name, command: 'exit 1', cronExpr: '0 0 29 2 *', description: `edit ${number}` };
  return { request_put: { key: Buffer.from(`/cron/jobs/${name}`), value: Buffer.from(JSON.stringify(job)) } };
}

/** What the last of so many edits says of a job. */
function lastWords(index: number, edits: number): string {
  const last = edits - 1;
  return `edit ${last - ((last - index) % STORMY)}`;
}
