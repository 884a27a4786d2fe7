import { quote, refuseExpression } from '../refuse.js';
import { type FieldSpec } from './fields.js';

/** What a list item may be beside numbers (`L`, `15W`, `FRI#2`). Returns whether it took the item. */
export type SpecialItem = (item: string) => boolean;

/**
 * The numbers a field stands for, sorted and without duplicates. Throws InvalidInput naming the field.
 *
 * An item is `*`, a value, a range or any of these with a step; `5/15` is `5-MAX/15`. `isSpecial` sees each item first.
 */
export function parseField(text: string, spec: FieldSpec, isSpecial: SpecialItem = () => false): number[] {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    if (item === '') refuseExpression(`${spec.label} ${quote(text)} has an empty item in its list`);
    if (!isSpecial(item)) for (const value of parseItem(item, spec)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** A number or a name of the field; refuses everything else. */
export function parseValue(text: string, spec: FieldSpec): number {
  const named = spec.names?.get(text.toLowerCase());
  if (named !== undefined) return named;
  if (!/^\d+$/.test(text)) refuseExpression(notAValue(text, spec));
  const value = text.length > 6 ? Number.POSITIVE_INFINITY : Number(text);
  if (value < spec.min || value > spec.max) {
    refuseExpression(`${spec.label} ${text.slice(0, 20)} is outside ${spec.min} to ${spec.max}`);
  }
  return value;
}

function* parseItem(item: string, spec: FieldSpec): Generator<number> {
  const [base = '', stepText, ...rest] = item.split('/');
  if (rest.length > 0) refuseExpression(`${spec.label} ${quote(item)} has more than one step`);
  const step = stepText === undefined ? 1 : parseStep(stepText, item, spec);
  const [from, to] = parseRange(base, stepText !== undefined, item, spec);
  for (let value = from; value <= to; value += step) yield value;
}

function parseRange(base: string, hasStep: boolean, item: string, spec: FieldSpec): [from: number, to: number] {
  if (base === '*') return [spec.min, spec.max];
  if (base === '') refuseExpression(`${spec.label} ${quote(item)} lacks a value before the step`);
  const [low = '', high, ...rest] = base.split('-');
  if (rest.length > 0 || low === '' || high === '') refuseExpression(`${spec.label} ${quote(item)} is not a range`);
  const from = parseValue(low, spec);
  if (high === undefined) return [from, hasStep ? spec.max : from];
  const to = rangeEnd(parseValue(high, spec), high, spec);
  if (to < from) {
    refuseExpression(`${spec.label} range ${quote(base)} runs backwards; write ${low}-${spec.max},${spec.min}-${high}`);
  }
  return [from, to];
}

/** `FRI-SUN` means the Sunday after, though `SUN` alone is 0. */
function rangeEnd(value: number, text: string, spec: FieldSpec): number {
  return spec.max === 7 && value === 0 && /^sun/i.test(text) ? 7 : value;
}

function parseStep(text: string, item: string, spec: FieldSpec): number {
  if (!/^\d+$/.test(text)) refuseExpression(`${spec.label} ${quote(item)} has a step that is not a whole number`);
  const most = spec.max === 7 ? 7 : spec.max - spec.min + 1;
  const step = text.length > 6 ? Number.POSITIVE_INFINITY : Number(text);
  if (step < 1 || step > most) {
    refuseExpression(`${spec.label} step ${text.slice(0, 20)} is outside 1 to ${most}`);
  }
  return step;
}

function notAValue(text: string, spec: FieldSpec): string {
  const names = spec.names ? ` or a name such as ${[...spec.names.keys()][1]!.toUpperCase()}` : '';
  return `${spec.label} ${quote(text)} is not a number from ${spec.min} to ${spec.max}${names}`;
}
