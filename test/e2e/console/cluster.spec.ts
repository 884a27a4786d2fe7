import { afterAll, beforeAll, describe } from 'vitest';
import { hasEtcd } from '../../support/etcd-server.js';
import { hasChromium } from './browser.js';
import { flows } from './flows.js';
import { Stage } from './stage.js';

describe.runIf(hasEtcd() && hasChromium())('the console of masters and workers on etcd', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.set('cluster');
  }, 240_000);

  afterAll(async () => stage?.strike(), 60_000);

  flows(() => stage, 'cluster');
});
