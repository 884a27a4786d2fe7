import { describe } from 'vitest';
import { Stage } from './stage.js';

export function runsFlows(_stage: () => Stage): void {
  describe.todo('runs');
}
