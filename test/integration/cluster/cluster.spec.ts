import { afterAll, beforeAll, describe } from 'vitest';
import { Stage } from '../../accounting/stage.js';
import { Cluster } from '../../support/cluster.js';
import { hasEtcd } from '../../support/etcd-server.js';
import { startMongoServer } from '../../support/mongo-server.js';
import { dyingWorkers } from './dying-workers.js';
import { historyAway } from './history-away.js';
import { hostileValues } from './hostile-values.js';
import { interruptions } from './interruptions.js';
import { killing } from './killing.js';
import { masters } from './masters.js';
import { scheduling } from './scheduling.js';

const mongo = hasEtcd() ? await startMongoServer() : undefined;

/** Four jobs tick through all of it; after each scenario every fire so far is accounted for. */
describe.runIf(mongo !== undefined)(`two masters and three workers on etcd and ${mongo?.description}`, () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.set(await Cluster.start(mongo!));
  }, 240_000);

  afterAll(async () => {
    await stage?.strike();
    await mongo?.stop();
  }, 60_000);

  describe('scheduling', () => scheduling(() => stage));
  describe('killing', () => killing(() => stage));
  describe('hostile values', () => hostileValues(() => stage));
  describe('masters', () => masters(() => stage));
  describe('dying workers', () => dyingWorkers(() => stage));
  describe('interruptions', () => interruptions(() => stage));
  describe('history away', () => historyAway(() => stage));
});
