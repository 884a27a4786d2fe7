import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { hasEtcd } from '../support/etcd-server.js';
import { startMongoServer } from '../support/mongo-server.js';
import { until, untilTime } from '../support/until.js';
import { setCrew } from './crew.js';
import { secondAfter, span } from './span.js';
import { account } from './verdict.js';

const QUOTA_BYTES = 48 * 1024 ** 2;
const JUNK = Buffer.alloc(1_000_000, 'x');
const LONG_MS = 12_000;

const mongo = hasEtcd() ? await startMongoServer() : undefined;

describe.runIf(mongo !== undefined)('an etcd that is full', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setCrew(mongo!, { etcdFlags: [`--quota-backend-bytes=${QUOTA_BYTES}`] });
  }, 300_000);

  afterAll(async () => {
    await stage?.strike();
    await mongo?.stop();
  }, 60_000);

  it('is told of, ends no program and no run, and leaves nothing unaccounted for once there is room', async () => {
    const { cluster } = stage;
    await stage.putOther('long-clearing', String(LONG_MS));
    const { json } = await cluster.api().post('/jobs/long-clearing/run');
    await until('it has started', () => stage.truth().starts.some(({ runId }) => runId === json.runId));
    const from = secondAfter(Date.now());
    const junk = await fillUp();
    await until('a finding says so', async () => (await findings()).includes('storeAlarm'), 60_000);
    await untilTime(from + span(60_000, 20_000));
    expect([...cluster.masters, ...cluster.workers].filter(({ isUp }) => !isUp)).toEqual([]);
    expect(stage.truth().starts.find(({ runId }) => runId === json.runId)).toMatchObject({ how: 'byItself' });

    await makeRoom(junk);
    await stage.untilAllTick(secondAfter(Date.now()), 60_000);
    await until('the finding is gone', async () => !(await findings()).includes('storeAlarm'), 60_000);
    const record = await until('its record', async () => {
      const { status, json: run } = await cluster.api().get(`/runs/${json.runId}`);
      return status === 200 && run.endTime !== undefined && run;
    });
    expect(record).toMatchObject({ status: 'succeeded', attempt: 1 });
    await account(stage, 'etcd full', [from, Date.now() - 5_000]);
  }, 300_000);

  /** Puts keys until there is no room for one; gives how many. */
  async function fillUp(): Promise<number> {
    for (let count = 0; ; count++) {
      try {
        await stage.cluster.etcd.put(`/junk/${count}`).value(JUNK);
      } catch (error) {
        expect((error as Error).message).toContain('space exceeded');
        return count;
      }
    }
  }

  /** What an operator does: delete, compact, defragment, disarm. See https://etcd.io/docs/v3.5/op-guide/maintenance/ */
  async function makeRoom(junk: number): Promise<void> {
    // The library lets a client that was refused wait; a new one was not.
    const etcd = stage.cluster.lab.library();
    for (let count = 0; count < junk; count++) await etcd.delete().key(`/junk/${count}`);
    const { header } = await etcd.kv.range({ key: Buffer.from('/junk/') });
    await etcd.kv.compact({ revision: header.revision, physical: true });
    await etcd.maintenance.defragment();
    const { alarms } = await etcd.maintenance.alarm({ action: 'Get' });
    for (const { memberID, alarm } of alarms) {
      await etcd.maintenance.alarm({ action: 'Deactivate', memberID, alarm });
    }
  }

  async function findings(): Promise<string[]> {
    const { json } = await stage.cluster.api().get('/cluster');
    return json.warnings.map(({ code }: { code: string }) => code);
  }
});
