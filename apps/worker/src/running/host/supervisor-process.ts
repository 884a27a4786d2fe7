import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { passPrecedence } from '@app/platform';
import { FrameWriter } from '../wire/frame-writer.js';
import { type Frame, FrameReader } from '../wire/frames.js';
import type { SupervisorConfig, ToSupervisor, ToWorker } from '../wire/messages.js';

/** Heap of the supervisor in MiB. The cost of a spawn grows with the memory of the process that does it. */
const HEAP_MIB = 45;
/** Of that, one of the three spaces of what is young. V8 takes sixteen each, given the chance, and keeps them. */
const YOUNG_MIB = 1;
/** In a heap of that size, threads that help the collector look for work in vain. */
const COLLECTOR = '--single-threaded-gc';
/** A dead supervisor of which nothing was heard for so long has said all it had to. */
const SILENCE_MS = 1_000;
/** Place of the link among the child's descriptors; the supervisor knows it as well. */
const LINK = 3;

/** What a supervisor process tells. */
export interface SupervisorEvents {
  message(message: ToWorker, payload: Buffer): void;
  /** The process is gone and everything it said has been heard. Called once. */
  gone(): void;
}

/**
 * One running supervisor, seen from the worker. It leads a session of its own, so that a Ctrl-C in the terminal reaches
 * the worker alone, which then closes things in order.
 */
export class SupervisorProcess {
  private readonly child: ChildProcess;
  private readonly link: Socket;
  private readonly reader = new FrameReader();
  private readonly writer: FrameWriter;

  /** Throws when the system has nothing left to start it with. */
  constructor(program: string, config: SupervisorConfig, events: SupervisorEvents) {
    this.child = spawn(
      process.execPath,
      [
        `--max-old-space-size=${HEAP_MIB}`,
        `--max-semi-space-size=${YOUNG_MIB}`,
        COLLECTOR,
        program,
        JSON.stringify(config),
      ],
      {
        detached: true,
        stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      },
    );
    if (this.child.pid !== undefined) passPrecedence(this.child.pid);
    const exit = new Promise<void>((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.once('error', () => this.child.pid === undefined && resolve());
    });
    // Without descriptors left there are no pipes.
    const link = this.child.stdio?.[LINK];
    if (!link) throw new Error('the system has no descriptors left for a supervisor');
    this.link = link as Socket;
    this.writer = new FrameWriter(this.link);
    this.link.on('error', () => {});
    this.link.on('data', (bytes: Buffer) => this.hear(bytes, events));
    const silence = new Promise<void>((resolve) => this.link.once('close', () => resolve()));
    void exit.then(() => this.hearOut());
    void Promise.all([exit, silence]).then(() => events.gone());
  }

  /** undefined when the system refused to start it. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  tell(message: ToSupervisor): void {
    this.writer.write(message);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Closes the link once nothing more comes: a child that hangs between fork and exec would hold it open for ever. */
  private async hearOut(): Promise<void> {
    for (let heard = -1; heard !== this.link.bytesRead; ) {
      heard = this.link.bytesRead;
      await delay(SILENCE_MS);
      await nextTurn();
    }
    this.link.destroy();
  }

  private hear(bytes: Buffer, events: SupervisorEvents): void {
    let frames: Frame[] = [];
    try {
      frames = this.reader.push(bytes);
    } catch {
      // It does not speak our language any more: its death is something we know how to handle.
      this.kill();
      this.link.destroy();
    }
    for (const { message, payload } of frames) events.message(message as ToWorker, payload);
  }
}

/** The compiled supervisor beside this file. */
export function builtSupervisor(): string {
  return fileURLToPath(new URL('../supervisor/main.js', import.meta.url));
}
