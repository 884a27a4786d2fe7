import { describe } from 'vitest';
import { Stage } from './stage.js';

export function clusterFlows(_stage: () => Stage): void {
  describe.todo('cluster');
}
