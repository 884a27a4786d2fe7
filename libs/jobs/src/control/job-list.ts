import type { Clock } from '@app/platform';
import { InvalidInput } from '@app/platform';
import type { JobDefinition } from '../registry/job-definition.js';
import type { JobRegistry } from '../registry/job-registry.js';
import { FirstFew } from './first-few.js';
import type { JobPage, JobQuery, JobState, StoredJob } from './job-control.js';
import { type JobRow, JobRows } from './job-rows.js';

/** Lists jobs out of the registry: filtered, sorted, page by page. A page of a hundred thousand takes milliseconds. */
export class JobList {
  private readonly rows: JobRows;

  constructor(
    registry: JobRegistry,
    private readonly clock: Clock,
  ) {
    this.rows = new JobRows(registry);
  }

  /** Throws InvalidInput for a forged cursor. */
  list(query: JobQuery): JobPage {
    const after = query.cursor === undefined ? undefined : readListCursor(query.cursor);
    const isMatch = this.matcherOf(query);
    const sort = query.sort ?? 'name';
    const found = sort.endsWith('name')
      ? this.byName(sort === '-name', after, query.limit, isMatch)
      : this.byNextFire(sort === '-next', after, query.limit, isMatch);
    const page = found.first.slice(0, query.limit);
    const last = page.at(-1);
    const isMore = last !== undefined && found.first.length > query.limit;
    return {
      items: page.map(({ definition }) => storedJob(definition)),
      total: found.total,
      ...(isMore ? { nextCursor: writeListCursor(this.keyOf(last, sort)) } : {}),
    };
  }

  /** One more than the limit, where there is one more. */
  private byName(isDown: boolean, after: SortKey | undefined, limit: number, isMatch: Matcher | undefined): Found {
    const rows = this.rows.all();
    const first: JobRow[] = [];
    const [start, step] = isDown ? [this.lastBefore(after), -1] : [this.firstAfter(after), 1];
    if (!isMatch) {
      for (let at = start; rows[at] && first.length <= limit; at += step) first.push(rows[at] as JobRow);
      return { first, total: rows.length };
    }
    let total = 0;
    // Every row is looked at, for the total: those of the page first, then those before it.
    for (let at = start; at >= 0 && at < rows.length; at += step) {
      const row = rows[at] as JobRow;
      if (!isMatch(row)) continue;
      total++;
      if (first.length <= limit) first.push(row);
    }
    for (let at = start - step; at >= 0 && at < rows.length; at -= step) if (isMatch(rows[at] as JobRow)) total++;
    return { first, total };
  }

  private firstAfter(key: SortKey | undefined): number {
    if (key === undefined) return 0;
    const at = this.rows.indexOf(key.name);
    return this.rows.all()[at]?.name === key.name ? at + 1 : at;
  }

  private lastBefore(key: SortKey | undefined): number {
    return (key === undefined ? this.rows.all().length : this.rows.indexOf(key.name)) - 1;
  }

  /** One more than the limit, where there is one more. */
  private byNextFire(isDown: boolean, after: SortKey | undefined, limit: number, isMatch: Matcher | undefined): Found {
    const now = this.clock.now();
    const direction = isDown ? -1 : 1;
    const order = (a: JobRow, b: JobRow | SortKey): number => {
      const [left, right] = [a.nextFire(now), 'value' in b ? b.value : b.nextFire(now)];
      return direction * (left === right ? (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) : left - right);
    };
    const few = new FirstFew<JobRow>(limit + 1, order);
    let total = 0;
    const rows = this.rows.all();
    for (let index = 0; index < rows.length; index++) {
      // From the end that comes first among equals, so that few are put in and pushed out again.
      const row = rows[isDown ? rows.length - 1 - index : index] as JobRow;
      if (isMatch && !isMatch(row)) continue;
      total++;
      if (after === undefined || order(row, after) > 0) few.add(row);
    }
    return { first: few.items, total };
  }

  private keyOf(row: JobRow, sort: string): SortKey {
    return { name: row.name, value: sort.endsWith('next') ? row.nextFire(this.clock.now()) : 0 };
  }

  /** undefined: everything matches. */
  private matcherOf({ search, group, label, state }: JobQuery): Matcher | undefined {
    if (search === undefined && group === undefined && label === undefined && state === undefined) return undefined;
    const now = this.clock.now();
    const text = search?.toLowerCase();
    const hasLabel = label === undefined ? undefined : labelMatcher(label);
    return (row) => {
      const { job } = row.definition;
      if (state !== undefined && stateOf(row, now) !== state) return false;
      if (group !== undefined && job?.group !== group) return false;
      if (hasLabel && !hasLabel(job?.labels ?? {})) return false;
      return text === undefined || row.text.includes(text);
    };
  }
}

export function storedJob(definition: JobDefinition): StoredJob {
  const { name, revision, createRevision, parsed } = definition;
  return { name, revision, createRevision, parsed };
}

type Matcher = (row: JobRow) => boolean;

interface Found {
  readonly first: readonly JobRow[];
  /** How many match, on all pages. */
  readonly total: number;
}

interface SortKey {
  readonly name: string;
  readonly value: number;
}

function stateOf(row: JobRow, now: number): JobState {
  const { job, schedule } = row.definition;
  if (!job) return 'invalid';
  if (job.paused && (job.pausedUntil === undefined || job.pausedUntil > now)) return 'paused';
  const hasEnded = job.cronExpr !== undefined && schedule !== undefined && row.nextFire(now) === Infinity;
  return hasEnded ? 'ended' : 'enabled';
}

function labelMatcher(wanted: string): (labels: Readonly<Record<string, string>>) => boolean {
  const [key = '', ...rest] = wanted.split('=');
  const value = rest.join('=');
  return rest.length === 0 ? (labels) => Object.hasOwn(labels, key) : (labels) => labels[key] === value;
}

function writeListCursor({ name, value }: SortKey): string {
  return Buffer.from(JSON.stringify([value === Infinity ? null : value, name])).toString('base64url');
}

function readListCursor(cursor: string): SortKey {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === 2 && typeof parsed[1] === 'string') {
      const [value, name] = parsed as [unknown, string];
      if (value === null) return { value: Infinity, name };
      if (typeof value === 'number') return { value, name };
    }
  } catch {
    // Told below.
  }
  throw new InvalidInput([{ path: 'cursor', message: 'is not a cursor of this list' }]);
}
