import { Kept } from '@/ui/kept';

/** What is typed into the dialog of a backfill. Epoch milliseconds; undefined while a time is emptied. */
export interface BackfillForm {
  from: number | undefined;
  to: number | undefined;
  params: Record<string, string>;
}

/** What is typed into the dialog of the cursor. Epoch milliseconds. */
export interface CursorForm {
  at: number | undefined;
}

/** By the name of the job. */
export const keptBackfills = new Kept<BackfillForm>();
export const keptCursors = new Kept<CursorForm>();
