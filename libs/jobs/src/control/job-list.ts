import type { Clock } from '@app/platform';
import { InvalidInput } from '@app/platform';
import type { JobDefinition } from '../registry/job-definition.js';
import type { JobRegistry } from '../registry/job-registry.js';
import type { JobPage, JobQuery, JobState, StoredJob } from './job-control.js';

/** Lists jobs out of the registry: filtered, sorted, page by page. */
export class JobList {
  private readonly nextFires = new WeakMap<JobDefinition, { readonly from: number; readonly at: number }>();

  constructor(
    private readonly registry: JobRegistry,
    private readonly clock: Clock,
  ) {}

  /** Throws InvalidInput for a forged cursor. */
  list(query: JobQuery): JobPage {
    const sort = query.sort ?? 'name';
    const matches = [...this.registry.all()].filter((definition) => this.isMatch(definition, query));
    const keyOf = sort.endsWith('next') ? (each: JobDefinition) => this.nextFire(each) : () => 0;
    const direction = sort.startsWith('-') ? -1 : 1;
    const order = (a: SortKey, b: SortKey): number =>
      direction * (a.value - b.value || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const keyed = matches.map((definition) => ({ definition, name: definition.name, value: keyOf(definition) }));
    keyed.sort(order);
    const after = query.cursor === undefined ? undefined : readListCursor(query.cursor);
    const start = after === undefined ? 0 : keyed.findIndex((each) => order(each, after) > 0);
    const page = start < 0 ? [] : keyed.slice(start, start + query.limit);
    const last = page.at(-1);
    const isMore = last !== undefined && start + page.length < keyed.length;
    return {
      items: page.map(({ definition }) => storedJob(definition)),
      total: keyed.length,
      ...(isMore ? { nextCursor: writeListCursor(last) } : {}),
    };
  }

  private isMatch(definition: JobDefinition, { search, group, label, state }: JobQuery): boolean {
    const { job, name } = definition;
    if (state !== undefined && this.stateOf(definition) !== state) return false;
    if (group !== undefined && job?.group !== group) return false;
    if (label !== undefined && !hasLabel(job?.labels ?? {}, label)) return false;
    if (search === undefined) return true;
    const text = search.toLowerCase();
    return name.toLowerCase().includes(text) || (job?.description.toLowerCase().includes(text) ?? false);
  }

  private stateOf(definition: JobDefinition): JobState {
    const { job, schedule } = definition;
    if (!job) return 'invalid';
    if (job.paused && (job.pausedUntil === undefined || job.pausedUntil > this.clock.now())) return 'paused';
    const hasEnded = job.cronExpr !== undefined && schedule !== undefined && this.nextFire(definition) === Infinity;
    return hasEnded ? 'ended' : 'enabled';
  }

  private nextFire(definition: JobDefinition): number {
    const now = this.clock.now();
    const known = this.nextFires.get(definition);
    if (known && known.from <= now && now < known.at) return known.at;
    const at = definition.schedule?.next(now) ?? Infinity;
    this.nextFires.set(definition, { from: now, at });
    return at;
  }
}

export function storedJob(definition: JobDefinition): StoredJob {
  const { name, revision, createRevision, parsed } = definition;
  return { name, revision, createRevision, parsed };
}

interface SortKey {
  readonly name: string;
  readonly value: number;
}

function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const [key = '', ...rest] = wanted.split('=');
  return rest.length === 0 ? Object.hasOwn(labels, key) : labels[key] === rest.join('=');
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
