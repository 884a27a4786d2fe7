import { type KeyChange, KeyMirror, pagesOf } from '@app/etcd';
import { pause } from '@app/platform';
import { Courier } from '../claiming/courier.js';
import { knownCursor } from '../claiming/decision.js';
import type { StoredRun } from '../claiming/run-writes.js';
import { Delivery } from '../delivery/delivery.js';
import { runsOfEntry } from '../delivery/runs-of-entry.js';
import { Housekeeper } from '../housekeeping/housekeeper.js';
import { isHousekeeperOfNeed } from '../housekeeping/housekeeper-of-need.js';
import { RecentWork } from '../measures/recent-work.js';
import { claimOutcome, WorkCounts } from '../measures/work-counts.js';
import { ClockGuard } from '../policy/clock-guard.js';
import { WORKER_SHUTDOWN } from '../policy/retry.js';
import { readEpoch } from '../policy/run-id.js';
import { Auditor } from '../recovery/auditor.js';
import { Recovery } from '../recovery/recovery.js';
import type { JobDefinition } from '../registry/job-definition.js';
import type { JobRegistry } from '../registry/job-registry.js';
import { RequestDesk } from '../requests/request-desk.js';
import { KillWatch } from '../running/kill-watch.js';
import { RunKeeper } from '../running/run-keeper.js';
import { RunWriter } from '../running/run-writer.js';
import { StartAbility } from '../running/start-ability.js';
import { CursorReader } from '../scheduling/cursor-reader.js';
import { Decider } from '../scheduling/decider.js';
import { Scheduler } from '../scheduling/scheduler.js';
import { Beats } from '../session/beats.js';
import { ClaimRight } from '../session/claim-right.js';
import { FleetView } from '../session/fleet-view.js';
import { Fullness } from '../session/fullness.js';
import { WorkerSession } from '../session/worker-session.js';
import { below } from '../store/keys.js';
import type { Beat } from '../store/presence.js';
import type { RunEntry, SessionRef } from '../store/run-entry.js';
import type { Vitals } from '../store/vitals.js';
import type { EngineStats, WorkerEngineOptions } from './engine-options.js';

/** Whatever grace a job asks for: a worker that is told to stop has no longer. */
const SHUTDOWN_GRACE_MS = 3000;

/** Watches, schedules, claims, runs, records: everything a worker does, from `start` to `stop`. */
export class WorkerEngine {
  readonly registry: JobRegistry;
  readonly fleet: FleetView;
  private readonly stopping = new AbortController();
  private readonly guard: ClockGuard;
  private readonly courier: Courier;
  private readonly delivery: Delivery;
  private readonly session: WorkerSession;
  private readonly right: ClaimRight;
  private readonly writer: RunWriter;
  private readonly keeper: RunKeeper;
  private readonly scheduler: Scheduler;
  private readonly desk: RequestDesk;
  private readonly auditor: Auditor;
  private readonly beats: Beats;
  private readonly fullness: Fullness;
  private readonly ability: StartAbility;
  private readonly housekeeper: Housekeeper;
  private readonly mirrors: KeyMirror[];
  private readonly kills: KillWatch;
  private readonly recovery: Recovery;
  private readonly epochs: KeyMirror;
  private isStopping = false;
  private readonly counts = new WorkCounts();
  private readonly recent = new RecentWork(this.counts);

  constructor(private readonly options: WorkerEngineOptions) {
    const { store, keys, clock, log, presence, recorder } = options;
    const { signal } = this.stopping;
    this.registry = options.registry;
    this.fleet = new FleetView(keys);
    this.guard = new ClockGuard(clock);
    this.courier = new Courier(store, clock, log);
    this.delivery = new Delivery(keys, clock, log, this.courier, recorder, signal);
    this.session = new WorkerSession(
      store,
      keys,
      clock,
      log,
      { ...presence, schema: 1, startedAt: clock.now(), eligibleFrom: 0 },
      () => this.isAlone,
      {
        began: (session) => {
          this.keeper.rebind(session);
          this.scheduler.lookAgainAt(this.session.published.eligibleFrom);
        },
        lost: () => {},
        deadline: (session, deadlineBootMs) => {
          options.host.setSessionDeadline(session.session, deadlineBootMs);
          this.right.confirmed();
        },
      },
    );
    this.right = new ClaimRight(this.guard, log, {
      session: this.session,
      canStart: () => this.ability.canStart,
      regained: () => this.scheduler.lookAgain(),
    });
    this.writer = new RunWriter(
      keys,
      clock,
      log,
      this.courier,
      (name, generation) => this.registry.get(name)?.createRevision === generation,
      (session) => this.session.current === session,
      signal,
    );
    this.keeper = new RunKeeper(
      presence.slots,
      clock,
      log,
      options.host,
      this.writer,
      this.delivery,
      recorder,
      options.buildOrder,
      {
        startUntilBootMs: ({ session }) => this.session.startUntilBootMs(session),
        session: () => this.session.current,
        mayStart: () => this.right.session !== undefined,
        definition: (name) => this.registry.get(name),
        killFor: (entry, fence) => this.kills.killFor(entry, fence),
        lockFreed: (jobName) => {
          this.scheduler.lockFreed(jobName);
          this.desk.lockFreed(jobName);
        },
        slotFreed: () => {
          this.scheduler.slotFreed();
          this.fullness.freed();
        },
        firedLate: (latenessMs) => this.counts.started(latenessMs),
        startRefused: (refusal) => this.ability.refused(refusal),
        unable: (reason) => this.ability.lost(reason),
        output: options.onOutput,
        epoch: () => this.epoch,
      },
      presence.address,
    );
    this.fullness = new Fullness(
      clock,
      () => this.keeper.hasFreeSlot,
      (isFull) => void this.session.publish({ isFull }),
    );
    this.ability = new StartAbility(
      clock,
      log,
      options.host,
      (cannotStart) => void this.session.publish({ cannotStart }),
    );
    const around = {
      claiming: () => this.right.session,
      reserveSlot: () => this.keeper.reserveSlot(),
      releaseSlot: () => this.keeper.releaseSlot(),
      hasFreeSlot: () => this.keeper.hasFreeSlot,
      claimed: (entry: RunEntry, revision: number, modRevision: number, definition: JobDefinition, hasWaited = false) =>
        this.claimed({ entry, modRevision }, revision, definition, hasWaited),
      decided: (entry: RunEntry, modRevision: number) =>
        this.delivery.deliver({ entry, modRevision }, runsOfEntry(entry)),
    };
    const reader = new CursorReader(store, keys);
    const decider = new Decider(
      keys,
      clock,
      log,
      this.courier,
      reader,
      {
        ...around,
        mayDecide: (track, at) => this.scheduler.mayDecide(track, at),
        ownLock: (jobName, slot) => this.keeper.ownLock(jobName, slot),
        earlierOf: (name) => this.registry.earlierOf(name),
        knownSince: (name) => this.registry.knownSince(name),
        later: (track, delayMs) => this.scheduler.later(track, delayMs),
        slotWanted: (track) => {
          this.scheduler.slotWanted(track);
          this.fullness.wanted();
        },
        answered: (answer) => {
          this.counts.answered(claimOutcome(answer?.kind));
          if (answer?.kind === 'accepted' && answer.entry) this.counts.decided(answer.entry);
        },
      },
      signal,
    );
    this.scheduler = new Scheduler(presence.id, clock, this.fleet, reader, decider, () => this.right.look());
    this.desk = new RequestDesk(
      presence.id,
      keys,
      clock,
      log,
      this.courier,
      {
        ...around,
        definition: (name) => this.registry.get(name),
        rank: ({ job }, at) => (job ? this.fleet.rankOf(presence.id, job, at) : 0),
        killOf: (request, revision) => this.kills.killOf(request, revision),
        killRevision: (name) => this.kills.revisionOf(name),
        answered: (answer) => this.counts.answered(claimOutcome(answer?.kind)),
      },
      signal,
    );
    this.recovery = new Recovery({
      store,
      keys,
      clock,
      log,
      workerId: presence.id,
      courier: this.courier,
      delivery: this.delivery,
      registry: this.registry,
      keeper: this.keeper,
      signal,
      session: () => this.session.current,
    });
    this.auditor = new Auditor(store, keys, clock, log, {
      current: () => this.session.current,
      knows: (runId) => this.keeper.knows(runId),
      killed: (runId, mark) => this.keeper.foundKilled(runId, mark),
      isInFlight: ({ jobName, runId }) => this.scheduler.isDeciding(jobName) || this.desk.isDeciding(runId),
      adopt: (stored, fence) => void this.recovery.adopt(stored, fence),
    });
    this.beats = new Beats(
      store,
      keys,
      clock,
      this.guard,
      presence.id,
      () => this.session.current,
      () => this.beatState(),
      (refused) => this.session.giveUp(refused),
    );
    this.registry.onChange((changes) => this.scheduler.apply(changes));
    const mirror = (prefix: string, onChange: (changes: readonly KeyChange[]) => void): KeyMirror =>
      new KeyMirror(store, prefix, { clock, log, onChange });
    this.kills = new KillWatch(store, keys, clock, log, (jobName, order, revision) => {
      this.keeper.killed(jobName, order, revision, clock.now());
      this.desk.jobKilled(jobName);
    });
    this.epochs = mirror(keys.epoch, () => {});
    this.mirrors = [
      mirror(keys.workers, (changes) => {
        this.fleet.apply(changes);
        this.desk.fleetChanged();
        this.noteDrain();
      }),
      mirror(keys.beats, (changes) => this.beats.apply(changes)),
      mirror(keys.requests, (changes) => this.desk.apply(changes)),
      this.kills.mirror,
      this.epochs,
    ];
    this.housekeeper = new Housekeeper({
      store,
      keys,
      clock,
      log,
      registry: this.registry,
      fleet: this.fleet,
      delivery: this.delivery,
      id: presence.id,
      isOurTurn: () => isHousekeeperOfNeed(store, keys, this.fleet, presence.id),
      isWhole: false,
      compacts: false,
    });
  }

  /** Begins to work. Waits while the store is away, until it is stopped. Throws WorkerIdTaken. */
  async start(): Promise<void> {
    const { earlier, host } = this.options;
    const jobs = this.registry.start();
    await Promise.all(this.mirrors.map((mirror) => mirror.start()));
    // Others count on whoever joins them. With nobody there, what is known fires while a million jobs are being read.
    if (!this.isAlone) await jobs;
    await this.session.start(this.options.ownsFolder);
    for (const runId of await this.persist(() => this.recovery.recover(earlier))) host.settled?.(runId);
    this.beats.start();
    this.scheduler.start();
    await jobs;
    if (this.isStopping) return;
    this.scheduler.listed();
    // What is due now does not wait until a hundred thousand cursors are read; what was due earlier does.
    const cursors = this.persist(() => this.readCursors());
    this.desk.start();
    this.auditor.start();
    this.housekeeper.start();
    await cursors;
    this.options.log.info('Worker is up', { worker: this.options.presence.id, jobs: this.registry.size });
  }

  /**
   * Drains and stops: fires before `drainFrom` are still claimed, running jobs get the drain time to end, the rest is
   * ended as `killed: workerShutdown`.
   */
  async stop(): Promise<void> {
    this.isStopping = true;
    const { clock, presence, drainMs, log } = this.options;
    const drainFrom = clock.now() + (this.isAlone ? 0 : 3000);
    await this.session.publish({ drainFrom });
    await pause(clock, drainFrom - clock.now() + 200);
    this.scheduler.stop();
    this.desk.stop();
    await this.until(() => this.scheduler.isIdle && this.desk.isIdle, clock.monotonic() + 2000);
    await this.until(() => this.keeper.size === 0, clock.monotonic() + drainMs);
    this.auditor.stop();
    this.keeper.stop();
    for (const run of this.keeper.live) {
      this.keeper.end(run, { by: presence.id, why: WORKER_SHUTDOWN, at: clock.now() });
    }
    await this.options.closeHost(SHUTDOWN_GRACE_MS);
    await this.until(() => this.keeper.size === 0, clock.monotonic() + 2000);
    await this.until(() => this.delivery.undelivered === 0, clock.monotonic() + 2000);
    this.beats.stop();
    this.fullness.stop();
    this.ability.stop();
    await this.housekeeper.stop();
    this.writer.hurry();
    this.delivery.flush();
    await pause(clock, 50);
    await this.session.stop();
    this.stopping.abort();
    for (const mirror of this.mirrors) mirror.close();
    log.info('Worker has stopped', { worker: presence.id });
  }

  /** The session as the store knows it; undefined between two. */
  get currentSession(): SessionRef | undefined {
    return this.session.current;
  }

  get stats(): EngineStats {
    return {
      claims: this.counts.claims,
      fires: this.counts.fires,
      lateness: this.counts.lateness,
      writes: this.courier.writes,
      writeRequests: { runs: this.courier.requests, beats: this.beats.sent, leases: this.session.keepAlives },
      running: this.keeper.size,
      undelivered: this.delivery.undelivered,
      clock: this.right.clock,
      clockOffsetMs: this.guard.offsetMs,
      watchLagMs: Math.round(this.watchLagMs),
      hasSession: this.right.session !== undefined,
    };
  }

  /** No other worker is there. */
  private get isAlone(): boolean {
    return this.fleet.workers.every((worker) => worker.id === this.options.presence.id);
  }

  /** How far the furthest behind of all that is watched may be. */
  private get watchLagMs(): number {
    return Math.max(this.beats.echoLagMs, this.registry.lagMs, ...this.mirrors.map(({ lagMs }) => lagMs));
  }

  /** What a beat says. To be asked for once for each: what is recent counts from the ones before. */
  private beatState(): Omit<Beat, 'id' | 'clock'> {
    const { load, ...process } = this.options.vitals();
    const vitals: Vitals = {
      ...this.recent.look(this.options.clock.monotonic(), this.courier.requests),
      watchLagMs: Math.round(this.watchLagMs),
      ...process,
    };
    return {
      running: this.keeper.size,
      load,
      undelivered: this.delivery.undelivered,
      ...(this.guard.offsetMs === undefined ? {} : { clockOffsetMs: Math.round(this.guard.offsetMs) }),
      vitals,
    };
  }

  private get epoch(): number {
    return readEpoch(this.epochs.get(this.options.keys.epoch)?.value);
  }

  /** A master may have asked this worker to drain, or taken that back, by writing into its presence. */
  private noteDrain(): void {
    const own = this.fleet.get(this.options.presence.id);
    if (this.isStopping || !own || own.sessionRevision !== this.session.current?.sessionRevision) return;
    this.session.note({ drainFrom: own.drainFrom });
  }

  private claimed(stored: StoredRun, fenceRevision: number, definition: JobDefinition, hasWaited: boolean): void {
    if (!this.keeper.knows(stored.entry.runId)) this.keeper.take(stored, fenceRevision, definition, hasWaited);
  }

  private async readCursors(): Promise<void> {
    const { store, keys } = this.options;
    for await (const { entries } of pagesOf(store, keys.cursors)) {
      for (const entry of entries) this.scheduler.learn(below(keys.cursors, entry.key), knownCursor(entry));
    }
    this.scheduler.learnedAll();
  }

  private async until(isDone: () => boolean, deadline: number): Promise<void> {
    const { clock } = this.options;
    while (!isDone() && clock.monotonic() < deadline) {
      this.writer.hurry();
      await pause(clock, 20);
    }
  }

  /** Tries until the store answers. */
  private async persist<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await read();
      } catch (error) {
        if (this.stopping.signal.aborted) throw error;
        this.options.log.warn('Waiting for the store', { error });
        await pause(this.options.clock, 1000, this.stopping.signal);
      }
    }
  }
}
