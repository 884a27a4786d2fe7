import { describe } from 'vitest';
import { Stage } from './stage.js';

export function jobFlows(_stage: () => Stage): void {
  describe.todo('job');
}
