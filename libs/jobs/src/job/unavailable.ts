import { FieldError } from '@app/platform';
import { WrittenJob } from './schema/job-document.js';

/** What a document may say that this version cannot do yet: where, and whether the document says it. */
const UNAVAILABLE: readonly (readonly [path: string, isUsed: (written: WrittenJob) => boolean])[] = [
  ['calendars', ({ calendars }) => isFilled(calendars)],
  ['executor', ({ executor }) => executor === 'http' || executor === 'handler'],
  ['http', ({ http }) => http !== undefined],
  ['handler', ({ handler }) => handler !== undefined],
  ['payload', ({ payload }) => payload !== undefined],
  ['secrets', ({ secrets }) => isFilled(secrets)],
  ['routing.mode', ({ routing }) => routing?.mode === 'broadcast' || routing?.mode === 'shard'],
  ['routing.shards', ({ routing }) => routing?.shards !== undefined],
  ['concurrencyPolicy', ({ concurrencyPolicy: policy }) => policy === 'queue' || policy === 'replace'],
  ['after', ({ after }) => isFilled(after)],
  ['alerts', ({ alerts }) => isFilled(alerts)],
];

/** One error for each thing the document asks for that this version cannot do. */
export function unavailableErrors(written: WrittenJob): FieldError[] {
  return UNAVAILABLE.filter(([, isUsed]) => isUsed(written)).map(([path]) => ({
    path,
    message: sentence(path, written),
  }));
}

function sentence(path: string, written: WrittenJob): string {
  const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], written);
  const chosen = typeof value === 'string' && path !== 'handler' ? `"${value}" ` : '';
  return `${chosen}is not available in this version`;
}

function isFilled(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
