import type { ImportResult } from '@fleetcron/sdk';

export type ImportItem = ImportResult['items'][number];
export type ImportOutcome = ImportItem['outcome'];

/** Lines one can look at; more say nothing new to people, and make the page slow. */
const MOST_ROWS = 400;

/** What is shown of an import: its lines in order, and how many of each kind there are. */
export interface Preview {
  readonly rows: readonly ImportItem[];
  /** Lines that are not shown. */
  readonly hidden: number;
  readonly counts: Readonly<Record<ImportOutcome, number>>;
}

/** Blank lines say nothing. Of very many lines those that became no job go first: they are what one must look at. */
export function previewOf({ items }: Pick<ImportResult, 'items'>, most = MOST_ROWS): Preview {
  const counts = { created: 0, replaced: 0, unchanged: 0, refused: 0, environment: 0, comment: 0, blank: 0 };
  for (const { outcome } of items) counts[outcome] += 1;
  const told = items.filter(({ outcome }) => outcome !== 'blank');
  if (told.length <= most) return { rows: told, hidden: 0, counts };
  const urgent = told.filter(({ outcome, warnings }) => outcome === 'refused' || warnings !== undefined);
  const rest = told.filter((item) => !urgent.includes(item));
  const kept = [...urgent, ...rest].slice(0, most).sort((left, right) => left.line - right.line);
  return { rows: kept, hidden: told.length - kept.length, counts };
}
