import type { JobDocument, Run } from '@fleetcron/sdk';
import { looksSecret } from '@/runs/secret-names';

/** A variable or parameter as it is shown. */
export interface NamedValue {
  readonly name: string;
  /** undefined: a secret, not shown. */
  readonly value: string | undefined;
}

/** Names and values, by name; values of secrets left out. */
export function namedValues(values: Readonly<Record<string, string>> | undefined): NamedValue[] {
  return Object.entries(values ?? {})
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => ({ name, value: looksSecret(name, value) ? undefined : value }));
}

/** The parameters a run had: those of the definition, and over them those it was asked for with. */
export function paramsOf(run: Run, definition: Pick<JobDocument, 'params'> | undefined): NamedValue[] {
  return namedValues({ ...definition?.params, ...run.params });
}
