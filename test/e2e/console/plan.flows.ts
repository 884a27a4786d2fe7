import { describe } from 'vitest';
import { Stage } from './stage.js';

export function planFlows(_stage: () => Stage): void {
  describe.todo('plan');
}
