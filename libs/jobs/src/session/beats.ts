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
  /** Newest revision of our own beat that came back by the watch. */
  private heardRevision = 0;
  /** The oldest beat the store has taken and the watch has not brought back. */
  private awaited: { readonly revision: number; readonly since: number } | undefined;
  private lastEchoMs = 0;
  /** Beats sent so far, for the metrics. */
  sent = 0;

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly guard: ClockGuard,
    private readonly ownId: string,
    private readonly session: () => SessionRef | undefined,
    private readonly state: () => Omit<Beat, 'id' | 'clock'>,
    /** The store does not know this session any more, whatever it says of its lease. */
    private readonly refused: (session: SessionRef) => void = () => {},
  ) {}

  start(): void {
    this.beat();
  }

  stop(): void {
    this.cancelTimer?.();
  }

  /**
   * How long our own beats take to come back by the watch once the store has them, milliseconds: what is watched may be
   * so far behind. Of the last one that came back, or of one that has been on its way for longer.
   */
  get echoLagMs(): number {
    return this.awaited ? Math.max(this.lastEchoMs, this.clock.monotonic() - this.awaited.since) : this.lastEchoMs;
  }

  /** Takes over what the mirror of `beats/` says. */
  apply(changes: readonly KeyChange[]): void {
    for (const { key, entry, previous } of changes) {
      const id = below(this.keys.beats, key);
      const beat = entry && readBeat(entry.value);
      if (id === this.ownId) {
        if (entry) this.heardOwn(entry.modRevision);
        continue;
      }
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
    this.sent++;
    // One that does not arrive is followed by the next.
    void this.store
      .transactAll([
        {
          compare: [
            { key: this.keys.worker(session.worker), field: 'createRevision', equals: session.sessionRevision },
          ],
          then: [{ kind: 'put', key: this.keys.beat(this.ownId), value, lease: session.session }],
        },
      ])
      .then(([settled]) => {
        if (settled?.ok !== true) return;
        if (settled.result.succeeded) this.taken(settled.result.revision);
        else this.refused(session);
      });
  }

  private taken(revision: number): void {
    if (revision > this.heardRevision) this.awaited ??= { revision, since: this.clock.monotonic() };
    else this.lastEchoMs = 0;
  }

  private heardOwn(revision: number): void {
    this.heardRevision = Math.max(this.heardRevision, revision);
    if (!this.awaited || this.awaited.revision > revision) return;
    this.lastEchoMs = this.clock.monotonic() - this.awaited.since;
    this.awaited = undefined;
  }
}
