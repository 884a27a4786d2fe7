/** Fields of the form while they are shown: the path each stands for, and its label. */
export type FieldLabels = ReadonlyMap<string, string>;

/** Whether `env.A` is, or is within, `env`. */
export function isWithin(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}

/** The field that stands for a path, the nearest one; undefined where the form has none. */
export function fieldOf(path: string, fields: Iterable<string>): string | undefined {
  return [...fields].filter((field) => isWithin(path, field)).sort((a, b) => b.length - a.length)[0];
}

/** What of a path lies within its field: `A` of `env.A`; empty for the field itself. */
export function restOf(path: string, field: string): string {
  return path.slice(field.length).replace(/^\./, '');
}

/** A path in the words of the form; undefined where the form has no field for it. */
export function labelOf(path: string, labels: FieldLabels): string | undefined {
  const field = fieldOf(path, labels.keys());
  if (field === undefined) return undefined;
  return [labels.get(field), restOf(path, field)].filter(Boolean).join(': ');
}

/** A name of the document, never a word of the language: `startAt`, `retry.limit`. */
const NAME = /\b[a-z]+(?:[A-Z][a-zA-Z]*|(?:\.[a-zA-Z]+)+)\b/g;

/** A sentence about the document with the form's words for the fields it names. */
export function inFormWords(message: string, labels: FieldLabels): string {
  return message.replaceAll(NAME, (name) => {
    const label = labels.get(name);
    return label === undefined ? name : `“${label}”`;
  });
}
