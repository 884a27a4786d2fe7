import type { JobDefinition } from '../registry/job-definition.js';
import type { JobChange, JobRegistry } from '../registry/job-registry.js';

/** More changes at once than this are cheaper sorted anew. */
const FEW = 64;

/** A definition, and what a list works out about it once. */
export class JobRow {
  private lowered: string | undefined;
  private nextFrom = Infinity;
  private nextAt = -Infinity;

  constructor(readonly definition: JobDefinition) {}

  get name(): string {
    return this.definition.name;
  }

  /** Name and description in lower case. */
  get text(): string {
    this.lowered ??= `${this.name}\n${this.definition.job?.description ?? ''}`.toLowerCase();
    return this.lowered;
  }

  /** The next fire strictly after `now`; Infinity where none comes by itself. Remembered until it has passed. */
  nextFire(now: number): number {
    if (now < this.nextFrom || now >= this.nextAt) {
      this.nextFrom = now;
      this.nextAt = this.definition.schedule?.next(now) ?? Infinity;
    }
    return this.nextAt;
  }
}

/** All jobs by name, kept in order as they come and go: a page of a hundred thousand is found without sorting them. */
export class JobRows {
  private sorted: JobRow[] | undefined;

  constructor(private readonly registry: JobRegistry) {
    registry.onChange((changes) => this.apply(changes));
  }

  /** Ascending by name. Do not change it, and ask again after waiting for anything. */
  all(): readonly JobRow[] {
    this.sorted ??= [...this.registry.all()]
      .map((definition) => new JobRow(definition))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.sorted;
  }

  /** Index of the first row whose name is not before this one; the number of rows where there is none. */
  indexOf(name: string): number {
    const rows = this.all();
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rows[middle] as JobRow).name < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private apply(changes: readonly JobChange[]): void {
    if (changes.length > FEW) this.sorted = undefined;
    if (this.sorted === undefined) return;
    for (const { name, definition } of changes) {
      const at = this.indexOf(name);
      const known = this.sorted[at]?.name === name ? 1 : 0;
      this.sorted.splice(at, known, ...(definition ? [new JobRow(definition)] : []));
    }
  }
}
