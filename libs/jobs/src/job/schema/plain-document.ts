import type { JobDocument } from '../job.js';
import type { WrittenJob } from './job-document.js';

/**
 * Whether a document is one that `jobDocumentSchema` accepts at a glance: common fields with common values, as nearly all
 * jobs have them. A no says nothing: then the schema is asked. It is asked a hundred thousand times as a program starts,
 * and the schema takes ten times as long.
 */
export function isPlain(document: JobDocument): document is JobDocument & WrittenJob {
  if (document.name === undefined) return false;
  for (const field in document) {
    const isFine = Object.hasOwn(GLANCES, field) ? GLANCES[field] : undefined;
    if (isFine === undefined || !isFine(document[field])) return false;
  }
  return true;
}

type Glance = (value: unknown) => boolean;

const GLANCES: Readonly<Record<string, Glance>> = {
  v: (value) => value === 1,
  name: isName,
  description: (value) => isText(value, 0, 4096),
  labels: areLabels,
  group: isName,
  paused: (value) => typeof value === 'boolean',
  pausedReason: isShortLine,
  cronExpr: (value) => typeof value === 'string',
  timezone: (value) => typeof value === 'string',
  jitterSeconds: whole(0, 86_400),
  executor: oneOf('shell'),
  command: (value) => isText(value, 1, 65_536),
  concurrencyPolicy: oneOf('forbid', 'allow'),
  misfirePolicy: oneOf('runOnce', 'skip', 'runAll'),
  startingDeadlineSeconds: whole(1, 86_400),
  timeoutSeconds: whole(1, 31_622_400),
  killGraceSeconds: whole(0, 3600),
  onLost: oneOf('record', 'retry'),
};

function isName(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(value);
}

function isText(value: unknown, min: number, max: number): boolean {
  return (
    typeof value === 'string' &&
    value.length >= min &&
    value.length <= max &&
    !value.includes('\0') &&
    !/\p{Surrogate}/u.test(value)
  );
}

/** Letters anybody can see, as labels and reasons have them; at most 256. */
function isShortLine(value: unknown): boolean {
  return typeof value === 'string' && /^[ -~]{0,256}$/.test(value);
}

function areLabels(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const labels = Object.entries(value);
  return labels.length <= 64 && labels.every(([name, text]) => isName(name) && isShortLine(text));
}

function whole(min: number, max: number): Glance {
  return (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function oneOf(...words: readonly string[]): Glance {
  return (value) => words.includes(value as string);
}
