import type { Job, JobVersionList } from '@fleetcron/sdk';
import { type Draft, documentOf, documentText } from '@/editing/job-document';

/** A definition that was, or is, in force. */
export interface Version {
  readonly revision: number;
  readonly isNow: boolean;
  readonly document: Draft;
  readonly text: string;
  /** Who put it and when it came into force; absent where nobody noted it. */
  readonly by?: string;
  readonly since?: string;
  /** Fields that differ from the version before; undefined of the oldest. */
  readonly changed?: readonly string[];
}

/**
 * The versions of a job, newest first, the one in force among them (unless it cannot be read). The store says of each who
 * put it, but of those from before it was noted; then who replaced the one before it did.
 */
export function versionsOf(job: Job, { items }: JobVersionList): Version[] {
  const { revision: newest, editedBy: putBy, editedAt: putAt } = job;
  const now = job.invalid ? [] : [{ revision: newest, document: job as object, isNow: true, putBy, putAt }];
  const all = [...now, ...items.map(({ replacedAt: _, replacedBy: __, ...item }) => ({ ...item, isNow: false }))];
  const puts = job.invalid ? items.slice(1) : items;
  return all.map(({ revision, document: given, isNow, putBy, putAt }, index) => {
    const document = documentOf(given) as unknown as Draft;
    const { replacedBy, replacedAt } = puts[index] ?? {};
    const [by, since] = putAt === undefined ? [replacedBy, replacedAt] : [putBy, putAt];
    const before = all[index + 1];
    return {
      ...{ revision, isNow, document, text: documentText(document) },
      ...(by !== undefined && { by }),
      ...(since !== undefined && { since }),
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
