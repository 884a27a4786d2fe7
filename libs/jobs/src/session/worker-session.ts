import { type CoordinationStore, type LeaseId, type Settled } from '@app/etcd';
import { type Clock, LeaseLost, type Log, mayPass, pause } from '@app/platform';
import type { Keys } from '../store/keys.js';
import { readPresence, type WorkerPresence, writePresence } from '../store/presence.js';
import type { SessionRef } from '../store/run-entry.js';

const LEASE_SECONDS = 10;
const KEEP_ALIVE_MS = 3000;
/** A keep-alive that was not acknowledged, or a session that did not begin, is tried again so soon. */
const RETRY_MS = 1000;
/** The right to claim ends so long after the last acknowledged keep-alive was sent: before the store ends the lease. */
const CLAIM_RIGHT_MS = 8000;
/** Ownership deadline of the session, before the job's own `lostAfterSeconds` is added. */
const OWNERSHIP_MS = LEASE_SECONDS * 1000 - 5000;

export interface SessionListener {
  /** A session began: the first one, or a new one after the old was lost. */
  began(session: SessionRef): void;
  /** The store ended the session: runs must be bound to the next one. */
  lost(session: SessionRef): void;
  /** Ownership deadline on the boot clock, in milliseconds; told after every acknowledged keep-alive. */
  deadline(session: SessionRef, deadlineBootMs: number): void;
}

/** When something went out, by two clocks. */
interface SentAt {
  readonly monotonicMs: number;
  readonly bootMs: number;
}

/**
 * A worker's right to claim: a lease that carries `workers/ID`.
 *
 * States: `none` (not yet, or lost: a new one is being sought) -> `live` (keep-alives are acknowledged) -> `suspended`
 * (none was acknowledged for 8 s since one was sent: no claims, though the store may still know us) -> `live` again when
 * one is acknowledged, or `none` when the store says the lease is gone.
 */
export class WorkerSession {
  private ref: SessionRef | undefined;
  /** When the last keep-alive that was acknowledged went out. The boot clock goes on while a machine is suspended. */
  private renewed: SentAt | undefined;
  private ownsFolder = false;
  /** What this worker says of itself may not stand in the store yet. */
  private isUnsaid = false;
  /** It stops: what a master says of a drain counts no more. */
  private drainsItself = false;
  /** modRevision of its presence as last written or read here. */
  private readRevision = 0;
  private stopping: AbortController | undefined;
  private loop: Promise<void> = Promise.resolve();
  /** Keep-alives sent so far, for the metrics. */
  keepAlives = 0;

  constructor(
    private readonly store: CoordinationStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly log: Log,
    /** What the worker says of itself now; changed by `publish`. */
    private presence: WorkerPresence,
    /** No other worker is there: then there is nobody to wait for. */
    private readonly isAlone: () => boolean,
    private readonly listener: SessionListener,
  ) {}

  /**
   * Begins the first session and keeps one from then on. `ownsFolder`: we hold the lock of the data folder that names
   * this worker id, so a presence found under it belongs to a dead process and is ended. Otherwise a living holder makes
   * this throw WorkerIdTaken after one lease time. Waits while the store is away.
   */
  async start(ownsFolder: boolean): Promise<void> {
    this.stopping = new AbortController();
    this.ownsFolder = ownsFolder;
    const { signal } = this.stopping;
    const giveUpAt = this.clock.monotonic() + (LEASE_SECONDS + 2) * 1000;
    while (!signal.aborted && this.ref === undefined) {
      const holder = await this.begin();
      if (holder !== undefined && this.clock.monotonic() > giveUpAt) throw new WorkerIdTaken(this.presence.id, holder);
      if (this.ref === undefined) await pause(this.clock, 500, signal);
    }
    this.loop = this.keep(signal);
  }

  /** Ends the session: its keys vanish at once. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    await this.loop;
    const { ref } = this;
    this.ref = undefined;
    if (ref) {
      await this.store.revokeLease(ref.session).catch((error: unknown) => {
        this.log.warn('Could not revoke the session; it ends by itself', { error });
      });
    }
  }

  /**
   * Gives up a session whose presence is no longer in the store, though its lease is: somebody deleted it by hand, and
   * to all others its runs are those of the dead. The next one binds them again.
   */
  giveUp(ref: SessionRef): void {
    if (this.ref !== ref) return;
    this.lose(ref);
    void this.store.revokeLease(ref.session).catch(() => undefined);
  }

  /** The session that claims are made with; undefined while there is no right to claim. */
  get claiming(): SessionRef | undefined {
    const { renewed } = this;
    return renewed && this.clock.monotonic() < renewed.monotonicMs + CLAIM_RIGHT_MS ? this.ref : undefined;
  }

  /** The session as the store knows it, suspended or not. */
  get current(): SessionRef | undefined {
    return this.ref;
  }

  /**
   * Instant of the boot clock up to which something claimed with this session may be started: long past where it is not
   * the session that lives now. An answer may come after its session has ended, and then the run may be declared lost.
   */
  startUntilBootMs(session: string): number {
    const { ref, renewed } = this;
    return renewed && session === ref?.session ? renewed.bootMs + CLAIM_RIGHT_MS : 0;
  }

  /** Says something new of this worker, now and in every later session. Resolves when the store has it, or not. */
  publish(change: Partial<WorkerPresence>): Promise<boolean> {
    this.presence = { ...this.presence, ...change };
    this.isUnsaid = true;
    if ('drainFrom' in change) this.drainsItself = true;
    return this.say();
  }

  /**
   * Until the store has it: others go by what stands there, and would leave a worker out that is well again. What a
   * master wrote there meanwhile, a drain, is taken over first.
   */
  private async say(): Promise<boolean> {
    for (;;) {
      const { ref, presence } = this;
      if (!ref) return false;
      const key = this.keys.worker(ref.worker);
      const [settled] = await this.store.transactAll([
        {
          compare: [
            { key, field: 'createRevision', equals: ref.sessionRevision },
            { key, field: 'modRevision', equals: this.readRevision },
          ],
          then: [{ kind: 'put', key, value: writePresence(presence), lease: ref.session }],
          otherwise: [{ kind: 'get', key }],
        },
      ]);
      if (settled?.ok !== true || this.ref !== ref) return false;
      if (settled.result.succeeded) {
        this.readRevision = settled.result.revision;
        if (presence === this.presence) this.isUnsaid = false;
        return true;
      }
      const [found] = settled.result.results;
      const entry = found?.kind === 'get' ? found.entry : undefined;
      if (entry?.createRevision !== ref.sessionRevision) return false;
      this.readRevision = entry.modRevision;
      if (!this.drainsItself) this.note({ drainFrom: readPresence(entry.value)?.drainFrom });
    }
  }

  /** Takes over what somebody else wrote into the presence, so that a later `publish` keeps it. */
  note(change: { readonly drainFrom: number | undefined }): void {
    this.presence = { ...this.presence, ...change };
  }

  get published(): WorkerPresence {
    return this.presence;
  }

  /** Tries to begin a session once. Returns the process that holds the id, if one does that is not ours to end. */
  private async begin(): Promise<string | undefined> {
    const key = this.keys.worker(this.presence.id);
    let lease: LeaseId | undefined;
    try {
      // Before the grant is sent, not when it is answered: the store counts from somewhere in between.
      const sent = this.sendingNow();
      lease = await this.store.grantLease(LEASE_SECONDS);
      this.presence = { ...this.presence, eligibleFrom: this.clock.now() + (this.isAlone() ? 0 : 3000) };
      const settled = await this.createPresence(key, lease);
      if (settled.ok && settled.result.succeeded) {
        this.ref = { worker: this.presence.id, session: lease, sessionRevision: settled.result.revision };
        this.readRevision = settled.result.revision;
        this.acknowledge(this.ref, sent);
        this.listener.began(this.ref);
        return undefined;
      }
      if (!settled.ok) throw settled.error;
      const [found] = settled.result.results;
      const holder = found?.kind === 'get' ? found.entry : undefined;
      await this.store.revokeLease(lease).catch(() => undefined);
      const presence = holder && readPresence(holder.value);
      // Our own dead session may still stand under the id: it is ours to end.
      const isOurs = this.ownsFolder || presence?.boot === this.presence.boot;
      if (holder?.lease && isOurs) await this.store.revokeLease(holder.lease);
      if (isOurs) return undefined;
      return presence ? `pid ${presence.pid} on ${presence.host}` : 'another process';
    } catch (error) {
      this.log.warn('No session yet', { error });
      // A put whose answer was lost may stand: without its lease it goes.
      if (lease !== undefined) await this.store.revokeLease(lease).catch(() => undefined);
      return undefined;
    }
  }

  private async createPresence(key: string, lease: LeaseId): Promise<Settled> {
    const [settled] = await this.store.transactAll([
      {
        compare: [{ key, field: 'createRevision', equals: 0 }],
        then: [{ kind: 'put', key, value: writePresence(this.presence), lease }],
        otherwise: [{ kind: 'get', key }],
      },
    ]);
    return settled as Settled;
  }

  private async keep(signal: AbortSignal): Promise<void> {
    let isRenewed = true;
    while (!signal.aborted) {
      await pause(this.clock, isRenewed && this.ref && this.claiming ? KEEP_ALIVE_MS : RETRY_MS, signal);
      if (signal.aborted) return;
      const { ref } = this;
      if (ref) isRenewed = await this.renew(ref);
      else await this.begin();
    }
  }

  /** False when the store did not acknowledge it: then there is less than a lease's time left to say it again. */
  private async renew(ref: SessionRef): Promise<boolean> {
    const sent = this.sendingNow();
    this.keepAlives++;
    try {
      await this.store.keepAlive(ref.session, { deadlineMs: 4000 });
      if (this.ref !== ref) return false;
      this.acknowledge(ref, sent);
      if (this.isUnsaid) void this.say();
      return true;
    } catch (error) {
      if (error instanceof LeaseLost) this.lose(ref);
      else if (!mayPass(error)) throw error;
      else this.log.warn('A keep-alive was not acknowledged', { error });
      return false;
    }
  }

  /** Both clocks are read before the request goes out: the machine may be suspended until its answer is here. */
  private sendingNow(): SentAt {
    return { monotonicMs: this.clock.monotonic(), bootMs: this.clock.boot() };
  }

  private acknowledge(ref: SessionRef, sent: SentAt): void {
    this.renewed = sent;
    this.listener.deadline(ref, sent.bootMs + OWNERSHIP_MS);
  }

  private lose(ref: SessionRef): void {
    this.log.warn('The session was lost', { session: ref.session });
    this.ref = undefined;
    this.renewed = undefined;
    this.listener.lost(ref);
  }
}

/**
 * Another living process works under this worker id.
 * @public thrown to whoever starts a worker
 */
export class WorkerIdTaken extends Error {
  constructor(
    readonly workerId: string,
    readonly holder: string,
  ) {
    super(`Worker id "${workerId}" is taken by ${holder}. Give this one another FLEETCRON_WORKER_ID.`);
    this.name = 'WorkerIdTaken';
  }
}
