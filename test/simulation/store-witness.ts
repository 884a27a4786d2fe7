import type { CoordinationStore } from '@app/etcd';
import { type Keys, readCursor, readRunEntry } from '@app/jobs';

const ORDER = { claimed: 0, running: 1, finished: 2 } as const;

/** Watches the store itself: what no reader may ever see. */
export class StoreWitness {
  readonly violations: string[] = [];
  private readonly cursors = new Map<string, number>();
  private readonly jobRevisions = new Map<string, number>();
  private readonly states = new Map<string, keyof typeof ORDER>();
  /** Keys of runs, locks and requests that are there. */
  readonly live = new Set<string>();
  private readonly cursorPuts = new Map<string, (() => void)[]>();

  constructor(store: CoordinationStore, keys: Keys) {
    store.watch(`${keys.prefix}/`, 1, {
      events: (events) => {
        for (const event of events) {
          const key = event.kind === 'put' ? event.entry.key : event.key;
          const value = event.kind === 'put' ? event.entry.value : undefined;
          const revision = event.kind === 'put' ? event.entry.modRevision : event.modRevision;
          if ([keys.runs, keys.locks, keys.requests].some((prefix) => key.startsWith(prefix))) {
            if (value) this.live.add(key);
            else this.live.delete(key);
          }
          if (key.startsWith(keys.jobs)) this.job(key.slice(keys.jobs.length), value && revision);
          else if (key.startsWith(keys.cursors) && value) this.cursor(key.slice(keys.cursors.length), value);
          else if (key.startsWith(keys.runs))
            this.run(key, value, event.kind === 'put' ? event.entry.createRevision : 0, revision);
        }
      },
      startOver: (reason) => this.violations.push(`the witness lost sight: ${reason}`),
    });
  }

  /** Calls back at the next put of the job's cursor. */
  onCursorPut(jobName: string, callback: () => void): void {
    this.cursorPuts.set(jobName, [...(this.cursorPuts.get(jobName) ?? []), callback]);
  }

  private job(name: string, revision: number | undefined): void {
    if (revision === undefined) this.jobRevisions.delete(name);
    else this.jobRevisions.set(name, revision);
  }

  private cursor(name: string, value: Buffer): void {
    const at = readCursor(value)?.at ?? 0;
    if (at < (this.cursors.get(name) ?? 0)) this.violations.push(`cursor of ${name} went back to ${at}`);
    this.cursors.set(name, at);
    const waiting = this.cursorPuts.get(name) ?? [];
    this.cursorPuts.delete(name);
    for (const callback of waiting) callback();
  }

  private run(key: string, value: Buffer | undefined, createRevision: number, revision: number): void {
    if (!value) {
      if (this.states.get(key) !== 'finished') this.violations.push(`${key} was forgotten before it had ended`);
      this.states.delete(key);
      return;
    }
    const entry = readRunEntry(value);
    if (!entry) return;
    const before = this.states.get(key);
    if (before && ORDER[entry.state] < ORDER[before])
      this.violations.push(`${key} went from ${before} to ${entry.state}`);
    this.states.set(key, entry.state);
    const isNewClaim = createRevision === revision && entry.state === 'claimed';
    if (isNewClaim && this.jobRevisions.get(entry.jobName) !== entry.jobRevision) {
      this.violations.push(`${key} was claimed by an old definition`);
    }
  }
}
