import { describe } from 'vitest';
import { Stage } from './stage.js';

export function workersFlows(_stage: () => Stage, _kind: 'standalone' | 'cluster'): void {
  describe.todo('workers');
}
