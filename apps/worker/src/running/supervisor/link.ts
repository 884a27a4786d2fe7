import { Socket } from 'node:net';
import type { OutputPiece } from '@app/jobs';
import { FrameWriter } from '../wire/frame-writer.js';
import { FrameReader } from '../wire/frames.js';
import type { ToSupervisor, ToWorker } from '../wire/messages.js';
import type { OutputSink } from './output-turns.js';

/**
 * More unsent bytes than this, and output is held where it is: what is queued here makes everything wait that is told
 * after it.
 */
const FULL_AT_BYTES = 256 * 1024;

/** What is told to the worker waits so long for more, in milliseconds: starts and ends come in crowds. */
const GATHER_MS = 5;

/** File descriptor of the socket to the worker, in the supervisor. */
const LINK_FD = 3;

/** What comes over the link. */
export interface LinkListener {
  message(message: ToSupervisor): void;
  /** The worker is gone, or said good-bye. Called once. */
  closed(): void;
}

/** The supervisor's end of the connection to its worker. Its closing is the lifeline: the kernel does it on any death. */
export class Link implements OutputSink {
  private readonly reader = new FrameReader();
  private readonly writer: FrameWriter;

  constructor(
    private readonly socket: Socket,
    listener: LinkListener,
  ) {
    this.writer = new FrameWriter(socket, GATHER_MS);
    socket.on('error', () => {});
    socket.on('close', () => listener.closed());
    socket.on('data', (bytes) => {
      for (const { message } of this.reader.push(bytes)) listener.message(message as ToSupervisor);
    });
  }

  /** The link of this process. */
  static ofThisProcess(listener: LinkListener): Link {
    return new Link(new Socket({ fd: LINK_FD, readable: true, writable: true }), listener);
  }

  tell(message: ToWorker, payload?: Buffer): void {
    this.writer.write(message, payload);
  }

  canTake(): boolean {
    return !this.socket.writable || this.socket.writableLength < FULL_AT_BYTES;
  }

  whenRoom(call: () => void): void {
    this.socket.on('drain', call);
    this.socket.on('close', call);
  }

  send({ data, ...piece }: OutputPiece): void {
    this.tell({ t: 'output', piece }, data);
  }

  /** Resolves when everything told has left; the link closes then. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('close', () => resolve());
      process.nextTick(() => this.socket.destroySoon());
    });
  }
}
