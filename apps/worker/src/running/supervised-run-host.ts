import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunHost, RunHostListener, StartOrder } from '@app/jobs';
import { type CancelTimer, type Clock, FleetcronError, type Log } from '@app/platform';
import { judge, killOrphans } from './host/aftermath.js';
import type { LiveOrder } from './host/live-order.js';
import { OpenOrders } from './host/open-orders.js';
import { builtSupervisor, SupervisorProcess } from './host/supervisor-process.js';
import { Watchdog } from './host/watchdog.js';
import { JournalFolder } from './journal/journal-files.js';
import { journalFolder } from './journal/journal-folder.js';
import type { JournalState } from './journal/journal-state.js';
import { readJournal } from './journal/read-journal.js';
import { Sweeper } from './processes/sweeper.js';
import type { ToWorker } from './wire/messages.js';

/** What a SupervisedRunHost needs. */
export interface SupervisedRunHostOptions {
  /** The worker's data folder; the journal lives in it. One host per folder. */
  readonly dataFolder: string;
  readonly workerId: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Program and arguments the supervisor starts, LastWords on its standard input, when the worker has died. */
  readonly lastWords?: readonly string[];
  /** The supervisor's program; default: the compiled one beside this file. */
  readonly supervisorProgram?: string;
}

/** The supervisor did not start. */
export class SupervisorFailed extends FleetcronError {
  readonly code = 'supervisor_failed';
}

const FIRST_RETRY_MS = 100;
/** Without a supervisor for longer than this it is said that nothing can be started. */
const SHORT_DOWN_MS = 3_000;
/** A supervisor that is not ready so long after it was started is stuck. */
const LAUNCH_MS = 30_000;
/** A disk that takes so much takes the lines of many starts. */
const PROBE_BYTES = 65_536;
const LONGEST_RETRY_MS = 5_000;
/** Beyond the grace, how long a closing supervisor may take, in milliseconds. */
const CLOSING_MS = 5_000;
const REMEMBERED_SESSIONS = 16;

/**
 * Runs processes through one supervisor process.
 *
 * down: before `open()`, and after the supervisor died until the next one is up; orders wait, and those whose time passes
 * are refused. up: orders go through. closing: after `close()`; orders are refused.
 *
 * When the supervisor dies, what it had started is killed and reported as ended (`hostDied`), unless the journal knows a
 * better end; what it certainly had not started is given to the next one.
 */
export class SupervisedRunHost implements RunHost {
  private readonly orders = new OpenOrders();
  private readonly deadlines = new Map<string, number>();
  private readonly sweeper = new Sweeper();
  private readonly folder: string;
  private supervisor?: SupervisorProcess;
  private watchdog?: Watchdog;
  private cancelLaunch: CancelTimer = () => {};
  private cancelUnable: CancelTimer = () => {};
  private state: 'down' | 'up' | 'closing' = 'down';
  private retryMs = FIRST_RETRY_MS;
  private opened?: { resolve(): void; reject(error: Error): void };
  private readonly gone = new Set<() => void>();
  /** Sessions a supervisor has heard of. */
  private readonly toldSessions = new Set<string>();
  private burying: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SupervisedRunHostOptions) {
    this.folder = journalFolder(options.dataFolder);
  }

  listen(listener: RunHostListener): void {
    this.orders.listen(listener);
  }

  /** There is a supervisor, and the disk takes a file beside the journal; rejects with the reason where it refuses it. */
  async canStart(): Promise<boolean> {
    if (this.state !== 'up') return false;
    const probe = join(this.folder, 'probe');
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(probe, Buffer.alloc(PROBE_BYTES));
      return true;
    } finally {
      await rm(probe, { force: true });
    }
  }

  /** Starts the supervisor. Rejects with SupervisorFailed when it does not come up; the host is of no use then. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.opened = { resolve, reject };
      this.launch();
    });
  }

  /** Pid of the supervisor; undefined while there is none. */
  get supervisorPid(): number | undefined {
    return this.supervisor?.pid;
  }

  /**
   * Refuses what waits, ends what runs (TERM, at most this grace, KILL), and resolves when every order is answered and
   * the supervisor is gone.
   */
  async close(graceMs: number): Promise<void> {
    this.state = 'closing';
    this.cancelUnable();
    for (const live of this.orders.queued) this.refuse(live, 'closing');
    const supervisor = this.supervisor;
    if (supervisor) {
      const isGone = new Promise<void>((resolve) => this.gone.add(resolve));
      supervisor.tell({ t: 'close', graceMs });
      const cancel = this.options.clock.timer(graceMs + CLOSING_MS, () => supervisor.kill());
      await isGone;
      cancel();
    }
    await this.burying;
  }

  start(order: StartOrder): void {
    const live = this.orders.add(order);
    if (this.state === 'closing') this.refuse(live, 'closing');
    else if (this.state === 'up') this.send(live);
  }

  kill(runId: string): void {
    const live = this.orders.get(runId);
    if (!live) return;
    live.isKillAsked = true;
    if (live.state !== 'queued') this.supervisor?.tell({ t: 'kill', runId });
    else this.refuse(live, 'killed');
  }

  setSessionDeadline(session: string, deadlineBootMs: number): void {
    this.deadlines.delete(session);
    this.deadlines.set(session, deadlineBootMs);
    const [oldest] = this.deadlines.keys();
    if (this.deadlines.size > REMEMBERED_SESSIONS && oldest !== undefined) this.deadlines.delete(oldest);
    if (this.state === 'up') this.tellDeadline(session, deadlineBootMs);
  }

  rebind(runId: string, session: string): void {
    const live = this.orders.get(runId);
    if (!live) return;
    live.order = { ...live.order, session };
    if (live.state !== 'queued') this.supervisor?.tell({ t: 'rebind', runId, session });
  }

  settled(runId: string): void {
    this.supervisor?.tell({ t: 'settled', runId });
  }

  private launch(): void {
    const { workerId, lastWords, supervisorProgram = builtSupervisor() } = this.options;
    const earlierSessions = [...this.toldSessions].slice(-REMEMBERED_SESSIONS);
    const config = { journalFolder: this.folder, workerId, lastWords, earlierSessions };
    const supervisor = new SupervisorProcess(supervisorProgram, config, {
      message: (message, payload) => this.hear(message, payload),
      gone: () => void this.afterDeath(),
    });
    this.supervisor = supervisor;
    this.cancelLaunch = this.options.clock.timer(LAUNCH_MS, () => supervisor.kill());
  }

  private hear(message: ToWorker, payload: Buffer): void {
    switch (message.t) {
      case 'ready':
        this.becomeReady();
        return;
      case 'started':
        this.orders.started(message.runId, message);
        return;
      case 'refused':
        this.orders.refuse(message.refusal);
        return;
      case 'output':
        this.orders.output({ ...message.piece, data: payload });
        return;
      case 'ended':
        this.orders.end(message.end);
        return;
      case 'pong':
        this.watchdog?.answered();
        return;
      default:
        message satisfies never;
    }
  }

  private becomeReady(): void {
    const supervisor = this.supervisor;
    if (this.state === 'closing' || !supervisor) return;
    this.state = 'up';
    this.cancelLaunch();
    this.cancelUnable();
    this.retryMs = FIRST_RETRY_MS;
    this.watchdog = new Watchdog(
      () => supervisor.tell({ t: 'ping' }),
      () => supervisor.kill(),
    );
    for (const [session, bootMs] of this.deadlines) this.tellDeadline(session, bootMs);
    for (const live of this.orders.queued) this.send(live);
    this.opened?.resolve();
    this.opened = undefined;
  }

  private async afterDeath(): Promise<void> {
    const { log, clock } = this.options;
    this.watchdog?.stop();
    this.cancelLaunch();
    this.supervisor = undefined;
    const orphans = this.orders.handedOver;
    if (this.state === 'up') {
      this.state = 'down';
      log.warn('the supervisor died; its runs are ended and another is started', { runs: orphans.length });
      this.cancelUnable = clock.timer(SHORT_DOWN_MS, () => this.orders.unable('no supervisor comes up'));
    }
    const journal = orphans.length > 0 ? this.readJournal() : Promise.resolve(undefined);
    this.burying = Promise.all([this.burying, ...orphans.map((live) => this.settleOrphan(live, journal))]);
    // The next supervisor rewrites it.
    await journal;
    this.opened?.reject(new SupervisorFailed('The supervisor ended before it was ready; its message is above.'));
    if (this.state === 'closing') for (const resolve of this.gone) resolve();
    else if (!this.opened) this.relaunchLater();
    this.opened = undefined;
  }

  private relaunchLater(): void {
    const { clock } = this.options;
    clock.timer(this.retryMs, () => {
      if (this.state === 'closing') return;
      this.refuseLate();
      try {
        this.launch();
      } catch (error) {
        this.options.log.error('no supervisor could be started', { error });
        this.relaunchLater();
      }
    });
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  private async settleOrphan(live: LiveOrder, journal: Promise<JournalState | undefined>): Promise<void> {
    const { clock } = this.options;
    const { runId } = live.order;
    const verdict = judge(live, await journal, clock.now());
    if (verdict.kind === 'neverStarted') {
      live.state = 'queued';
      if (live.isKillAsked) this.refuse(live, 'killed');
      else if (this.state === 'closing') this.refuse(live, 'closing');
      return;
    }
    const { pid, startTime } = verdict.process;
    this.orders.started(runId, verdict.process);
    // A worker that leaves waits no longer than for its supervisor; the next one on this folder goes on with it.
    const within = (): number => (this.state === 'closing' ? CLOSING_MS : Number.POSITIVE_INFINITY);
    if (!(await killOrphans(runId, pid, this.sweeper, within))) return;
    const { end } = verdict;
    this.orders.end(end ? live.endByJournal(end) : live.endWithHost(startTime, clock.now()));
  }

  private async readJournal(): Promise<JournalState | undefined> {
    try {
      return await readJournal(new JournalFolder(this.folder));
    } catch (error) {
      this.options.log.error('the journal cannot be read', { error });
      return undefined;
    }
  }

  private tellDeadline(session: string, bootMs: number): void {
    this.toldSessions.add(session);
    this.supervisor?.tell({ t: 'deadline', session, bootMs });
  }

  private send(live: LiveOrder): void {
    live.state = 'sent';
    this.toldSessions.add(live.order.session);
    this.supervisor?.tell({ t: 'start', order: live.order });
  }

  /** Answers those whose time passes while there is no supervisor. */
  private refuseLate(): void {
    const now = this.options.clock.boot();
    for (const live of this.orders.queued) if (live.order.notAfterBootMs < now) this.refuse(live, 'tooLate');
  }

  private refuse({ order }: LiveOrder, why: keyof typeof REFUSALS): void {
    this.orders.refuse({ runId: order.runId, why, detail: REFUSALS[why] });
  }
}

/** Refusals of the host itself, for orders no supervisor has. */
const REFUSALS = {
  tooLate: 'its time to start passed while the supervisor could not be started',
  killed: 'it was killed before it was started',
  closing: 'the worker is shutting down',
} as const;
