import { getRunOutput } from '@fleetcron/sdk';
import { ask } from '@/api/ask';
import { plainText } from '@/output/clean-text';
import { LineAssembler } from '@/output/line-assembler';
import { LineStore } from '@/output/line-store';

/** Lines of an output that are compared. */
export const MOST_LINES = 2_000;
const PIECES = 16;

/** The beginning of an output as plain text: what both streams wrote, line by line. */
export async function readText(id: string): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const page = await ask(() => getRunOutput({ path: { id }, query: { limit: PIECES } }));
  const store = new LineStore();
  const assembler = new LineAssembler(store);
  for (const piece of page.items) assembler.add(piece);
  const lines: string[] = [];
  for (let index = 0; index < store.size && lines.length < MOST_LINES; index += 1) {
    const text = store.textAt(index);
    if (text !== undefined) lines.push(plainText(text));
  }
  return { text: lines.join('\n'), isCut: store.size > lines.length || page.items.length === PIECES };
}
