import { describe } from 'vitest';
import { Stage } from './stage.js';

export function overviewFlows(_stage: () => Stage): void {
  describe.todo('overview');
}
