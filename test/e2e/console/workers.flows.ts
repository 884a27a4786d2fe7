import { describe } from 'vitest';
import { Stage } from './stage.js';

export function workersFlows(_stage: () => Stage): void {
  describe.todo('workers');
}
