import { describe } from 'vitest';
import { Stage } from './stage.js';

export function signInFlows(_stage: () => Stage): void {
  describe.todo('sign-in');
}
