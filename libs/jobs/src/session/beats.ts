import type { CoordinationStore, KeyChange } from '@app/etcd';
import type { CancelTimer, Clock } from '@app/platform';
import type { ClockGuard } from '../policy/clock-guard.js';
import { below, type Keys } from '../store/keys.js';
import { type Beat, readBeat, writeBeat } from '../store/presence.js';
import type { SessionRef } from '../store/run-entry.js';

const BEAT_EVERY_MS = 3000;

/** Says often what changes often, and learns of the others' clocks from theirs. */
export class Beats {
  private cancelTimer: CancelTimer | undefined;

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly guard: ClockGuard,
    private readonly ownId: string,
    private readonly session: () => SessionRef | undefined,
    private readonly state: () => Omit<Beat, 'id' | 'clock'>,
  ) {}

  start(): void {
    this.beat();
  }

  stop(): void {
    this.cancelTimer?.();
  }

  /** Takes over what the mirror of `beats/` says. */
  apply(changes: readonly KeyChange[]): void {
    for (const { key, entry, previous } of changes) {
      const id = below(this.keys.beats, key);
      const beat = entry && readBeat(entry.value);
      if (id === this.ownId) continue;
      if (!beat) this.guard.forget(id);
      // One that we find in a list may be seconds old, and would make our clock look fast.
      else if (previous) this.guard.heard(id, beat.clock);
    }
  }

  private beat(): void {
    this.cancelTimer = this.clock.timer(BEAT_EVERY_MS, () => this.beat());
    const session = this.session();
    if (!session) return;
    const value = writeBeat({ id: this.ownId, clock: this.clock.now(), ...this.state() });
    // One that does not arrive is followed by the next.
    void this.store.transactAll([
      {
        compare: [{ key: this.keys.worker(session.worker), field: 'createRevision', equals: session.sessionRevision }],
        then: [{ kind: 'put', key: this.keys.beat(this.ownId), value, lease: session.session }],
      },
    ]);
  }
}
