import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../accounting/stage.js';
import { hasEtcd } from '../support/etcd-server.js';
import { startMongoServer } from '../support/mongo-server.js';
import { until } from '../support/until.js';
import { setCrew } from './crew.js';
import { edits } from './edits.js';
import { killedWorkers } from './killed-workers.js';
import { longAndLoud } from './long-and-loud.js';
import { partings } from './partings.js';
import { SEED } from './span.js';
import { standstills } from './standstills.js';

const mongo = hasEtcd() ? await startMongoServer() : undefined;

/** Sixty fires a second go through all of it; after each scene every fire so far is accounted for. */
describe.runIf(mongo !== undefined)(`sixty jobs every second on etcd and ${mongo?.description}`, () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setCrew(mongo!, { hasWaysToStore: true });
    stage.figures.push(`FAULTS_SEED=${SEED}`);
  }, 300_000);

  afterAll(async () => {
    await stage?.strike();
    await mongo?.stop();
  }, 60_000);

  describe('killed workers', () => killedWorkers(() => stage));
  describe('standstills', () => standstills(() => stage));
  describe('partings', () => partings(() => stage));
  describe('edits', () => edits(() => stage));
  describe('long and loud', () => longAndLoud(() => stage));

  it('leaves nothing behind that lives in etcd once all is quiet', async () => {
    const { cluster } = stage;
    await Promise.all(stage.ticking.map((name) => stage.remove(name)));
    await until(
      'no run, lock or request is left',
      async () => Object.values(await cluster.underway()).every((count) => count === 0),
      60_000,
    );
    expect(await stage.discrepancies(Date.now(), 60_000, { anew: true })).toEqual([]);
  }, 120_000);
});
