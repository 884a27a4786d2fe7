import { afterAll, beforeAll, describe } from 'vitest';
import { hasChromium } from './browser.js';
import { flows } from './flows.js';
import { Stage } from './stage.js';

describe.runIf(hasChromium())('the console of standalone', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.set('standalone');
  });

  afterAll(async () => stage?.strike());

  flows(() => stage, 'standalone');
});
