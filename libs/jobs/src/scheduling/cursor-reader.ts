import type { CoordinationStore, Settled, Transaction } from '@app/etcd';
import { type KnownCursor, knownCursor } from '../claiming/decision.js';
import type { Keys } from '../store/keys.js';

const CURSORS_PER_READ = 100;

/** Reads cursors, those asked for in one moment together. Reading moves nothing, so it is never repeated here. */
export class CursorReader {
  private waiting: { name: string; resolve: (known: KnownCursor | undefined) => void }[] = [];

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
  ) {}

  /** The cursor now; undefined when the store did not answer. */
  read(name: string): Promise<KnownCursor | undefined> {
    return new Promise((resolve) => {
      this.waiting.push({ name, resolve });
      if (this.waiting.length === 1) queueMicrotask(() => void this.flush());
    });
  }

  private async flush(): Promise<void> {
    const asked = this.waiting;
    this.waiting = [];
    const groups = Array.from({ length: Math.ceil(asked.length / CURSORS_PER_READ) }, (_, index) =>
      asked.slice(index * CURSORS_PER_READ, (index + 1) * CURSORS_PER_READ),
    );
    const reads: Transaction[] = groups.map((group) => ({
      compare: [],
      then: group.map(({ name }) => ({ kind: 'get', key: this.keys.cursor(name) })),
    }));
    const settled: readonly Settled[] = await this.store.transactAll(reads);
    for (const [index, group] of groups.entries()) {
      const answer = settled[index];
      for (const [place, { resolve }] of group.entries()) {
        const result = answer?.ok ? answer.result.results[place] : undefined;
        resolve(result?.kind === 'get' ? knownCursor(result.entry) : undefined);
      }
    }
  }
}
