import type { JobDocument } from '@fleetcron/sdk';
import { stringify } from 'yaml';

/** A job document while somebody works on it: any JSON object, right or wrong, known fields or not. */
export type Draft = { [field: string]: unknown };

/** The fields of a document in the order people read them. */
const ORDER = [
  ...['v', 'name', 'description', 'labels', 'group', 'paused', 'pausedReason', 'pausedUntil'],
  ...['cronExpr', 'timezone', 'jitterSeconds', 'startAt', 'endAt', 'maxRuns', 'calendars'],
  ...['executor', 'command', 'http', 'handler', 'payload', 'shell', 'workingDirectory', 'user', 'env', 'secrets'],
  ...['params', 'successExitCodes', 'outputLimitBytes', 'routing', 'concurrencyPolicy', 'maxConcurrent'],
  ...['misfirePolicy', 'startingDeadlineSeconds', 'misfireWindowSeconds', 'timeoutSeconds', 'killGraceSeconds'],
  ...['retry', 'onLost', 'lostAfterSeconds', 'after', 'alerts'],
];

/** What the server adds to a document when it is read. */
const ADDED = new Set([
  ...['revision', 'state', 'scheduleText', 'nextFireAt', 'decidedUntil', 'runCount', 'running', 'recentRuns'],
  ...['queued', 'invalid', 'editedBy', 'editedAt', 'pausedBy', 'pausedAt', 'cannotRun'],
]);

/** What the server fills in where nothing was written; saying it and leaving it out mean the same. */
const FILLED_IN: Draft = {
  group: 'default',
  paused: false,
  timezone: 'UTC',
  executor: 'shell',
  concurrencyPolicy: 'forbid',
  misfirePolicy: 'runOnce',
};

/** The document of a job as the API gives it: without what the server added, and without filled-in defaults. */
export function documentOf(job: object): JobDocument {
  const written = Object.entries(job).filter(
    ([field, value]) => value !== undefined && !ADDED.has(field) && FILLED_IN[field] !== value && !isEmptyMap(value),
  );
  return inOrder(Object.fromEntries(written)) as unknown as JobDocument;
}

/** The document with its fields in the order people read them; those it does not know come last, in their own order. */
export function inOrder(document: Draft): Draft {
  const known = ORDER.filter((field) => document[field] !== undefined);
  const others = Object.keys(document).filter((field) => !ORDER.includes(field) && document[field] !== undefined);
  return Object.fromEntries([...known, ...others].map((field) => [field, document[field]]));
}

/** The document as YAML: the same text for the same document, whatever the order its fields came in. */
export function documentText(document: object): string {
  const ordered = inOrder(document as Draft);
  return Object.keys(ordered).length === 0 ? '' : stringify(ordered, { lineWidth: 0 });
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
