import { type InjectionKey, inject, provide } from 'vue';
import type { Check } from './check';
import type { Preview } from './preview';

/** What parts of the form share beside the document: what is wrong with it, and what it would do. */
export interface EditorParts {
  readonly check: Check;
  readonly preview: Preview;
}

const KEY: InjectionKey<EditorParts> = Symbol('editor parts');

export function provideParts(parts: EditorParts): void {
  provide(KEY, parts);
}

export function useParts(): EditorParts {
  const parts = inject(KEY);
  if (!parts) throw new Error('There is no editor around this part.');
  return parts;
}
