import { describe } from 'vitest';
import { Stage } from './stage.js';

export function editorFlows(_stage: () => Stage): void {
  describe.todo('editor');
}
