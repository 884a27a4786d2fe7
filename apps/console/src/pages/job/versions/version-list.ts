import type { Job, JobVersionList } from '@fleetcron/sdk';
import { type Draft, documentOf, documentText } from '@/editing/job-document';

/** A definition that was, or is, in force. */
export interface Version {
  readonly revision: number;
  readonly isNow: boolean;
  readonly document: Draft;
  readonly text: string;
  /** Who put it and when it came into force; absent of the oldest that is kept. */
  readonly by?: string;
  readonly since?: string;
  /** Fields that differ from the version before; undefined of the oldest. */
  readonly changed?: readonly string[];
}

/**
 * The versions of a job, newest first, the one in force among them (unless it cannot be read). The store says of each who
 * replaced it: that is who put the one after it.
 */
export function versionsOf(job: Job, { items }: JobVersionList): Version[] {
  const now = job.invalid ? [] : [{ revision: job.revision, document: job as object, isNow: true }];
  const all = [...now, ...items.map(({ revision, document }) => ({ revision, document, isNow: false }))];
  const puts = job.invalid ? items.slice(1) : items;
  return all.map(({ revision, document: given, isNow }, index) => {
    const document = documentOf(given) as unknown as Draft;
    const put = puts[index];
    const before = all[index + 1];
    return {
      ...{ revision, isNow, document, text: documentText(document) },
      ...(put && { by: put.replacedBy, since: put.replacedAt }),
      ...(before && { changed: changedFields(documentOf(before.document) as unknown as Draft, document) }),
    };
  });
}

/** Names of the fields in which two documents differ, in the order of the alphabet. */
export function changedFields(before: Draft, after: Draft): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((name) => !isSame(before[name], after[name]));
}

/** The order of the keys of an object means nothing; that of a list does. */
function isSame(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const [one, other] = [left as Draft, right as Draft];
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]));
}
