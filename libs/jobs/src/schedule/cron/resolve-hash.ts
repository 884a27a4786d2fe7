import { quote, refuseExpression } from '../refuse.js';
import { stableHash } from '../stable-hash.js';
import { type FieldSpec, fieldsFor } from './fields.js';

/**
 * The expression with every `H` replaced by numbers that stay the same for a job name and field, and spread evenly over
 * names: `H` one value, `H(0-29)` one of that range, `H/15` every 15th from a start below 15, `H(0-29)/10` both.
 *
 * Throws InvalidInput where an H makes no sense. An expression without H comes back as it is.
 */
export function resolveHash(expression: string, jobName: string): string {
  if (!/(^|[ \t,])H/i.test(expression)) return expression;
  const texts = expression.split(/[ \t]+/);
  const specs = fieldsFor(texts.length);
  if (!specs) return expression;
  return texts.map((text, index) => resolveField(text, specs[index]!, jobName)).join(' ');
}

function resolveField(text: string, spec: FieldSpec, jobName: string): string {
  return text
    .split(',')
    .map((item) => (/^H/i.test(item) ? resolveItem(item, spec, jobName) : item))
    .join(',');
}

function resolveItem(item: string, spec: FieldSpec, jobName: string): string {
  const parts = /^H(?:\((\d{1,4})-(\d{1,4})\))?(?:\/(\d{1,9}))?$/i.exec(item);
  if (!parts) refuseExpression(`${spec.label} ${quote(item)} is not one of H, H(0-29), H/15, H(0-29)/15`);
  if (spec.label === 'year') refuseExpression('year cannot be H');
  const min = parts[1] === undefined ? spec.min : Number(parts[1]);
  const max = parts[2] === undefined ? (spec.hashMax ?? spec.max) : Number(parts[2]);
  if (min < spec.min || max > spec.max || min > max) {
    refuseExpression(`${spec.label} range of ${quote(item)} is not within ${spec.min} to ${spec.max}`);
  }
  const hash = stableHash(`${spec.label}\0${jobName}`);
  if (parts[3] === undefined) return String(min + (hash % (max - min + 1)));
  const step = Number(parts[3]);
  if (step < 1 || step > max - min + 1) {
    refuseExpression(`${spec.label} step ${step} of ${quote(item)} is outside 1 to ${max - min + 1}`);
  }
  const first = min + (hash % step);
  return `${first}-${max}/${step}`;
}
