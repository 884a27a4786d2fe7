import type { ClusterWarning } from '../../ports/cluster-status.js';

/** Processes that are over a line by the same measure, worst first, and how far the worst is. */
export interface Over<T> {
  readonly ids: readonly string[];
  readonly worst: T;
  readonly value: number;
}

/** Those whose value is over the line; undefined: none. `of` gives undefined where it is not known. */
export function over<T extends { readonly id: string }>(
  all: readonly T[],
  line: number,
  of: (each: T) => number | undefined,
): Over<T> | undefined {
  const found = all
    .map((each) => ({ each, value: of(each) ?? Number.NEGATIVE_INFINITY }))
    .filter(({ value }) => value > line)
    .sort((a, b) => b.value - a.value);
  const [first] = found;
  return first && { ids: found.map(({ each }) => each.id), worst: first.each, value: first.value };
}

/** Errors before warnings; otherwise in the order they were found. */
export function worstFirst(findings: readonly ClusterWarning[]): readonly ClusterWarning[] {
  const isError = ({ severity }: ClusterWarning): boolean => severity === 'error';
  return [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];
}
