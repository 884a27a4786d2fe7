import { describe } from 'vitest';
import { Stage } from './stage.js';

export function jobsFlows(_stage: () => Stage): void {
  describe.todo('jobs');
}
