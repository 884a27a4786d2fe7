import { isMap } from '../state/paths';

/** A row of a map as somebody types it. */
export interface Row {
  key: string;
  value: string;
}

/** The rows of a map; none for what is no map. */
export function rowsOf(map: unknown): Row[] {
  return isMap(map) ? Object.entries(map).map(([key, value]) => ({ key, value: textOf(value) })) : [];
}

/** The map that rows say; undefined where they say nothing. Of two rows of a name the later counts. */
export function mapOf(rows: readonly Row[]): Record<string, string> | undefined {
  const said = rows.filter(({ key, value }) => key !== '' || value !== '');
  return said.length === 0 ? undefined : Object.fromEntries(said.map(({ key, value }) => [key, value]));
}

/** What is no text is shown as it would be written. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
