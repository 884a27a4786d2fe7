import { remembered } from '@/format/remembered';
import { filterOf, type JobFilter, type JobSort } from './job-filter';

/** A filter with a name, kept in this browser. */
export interface SavedView {
  readonly name: string;
  readonly filter: JobFilter;
  readonly sort: JobSort;
}

const MOST = 30;

export const savedViews = remembered<readonly SavedView[]>('jobViews', [], isViews);

/** Keeps a view under its name, in place of one that had it. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  const others = views.filter(({ name }) => name !== view.name);
  return [...others, view].sort((left, right) => left.name.localeCompare(right.name)).slice(0, MOST);
}

export function isSameFilter(left: JobFilter, right: JobFilter): boolean {
  const text = ({ search, group, label, state }: JobFilter) => JSON.stringify([search, group, label, state]);
  return text(left) === text(right);
}

/** What is stored may be from another version, or from anybody who can open the tools of the browser. */
function isViews(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MOST && value.every(isView);
}

function isView(value: unknown): boolean {
  const { name, filter } = (value ?? {}) as Partial<SavedView>;
  if (typeof name !== 'string' || typeof filter !== 'object' || filter === null) return false;
  const texts = { search: '', group: '', label: '', state: '', ...filter };
  return Object.values(texts).every((each) => typeof each === 'string') && isSameFilter(filterOf(texts), filter);
}
