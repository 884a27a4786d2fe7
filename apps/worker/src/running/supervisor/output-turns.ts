import type { OutputPiece } from '@app/jobs';

/** Where output goes. */
export interface OutputSink {
  /** Whether more may be sent now. A sink that nobody listens to any more takes everything, and loses it. */
  canTake(): boolean;
  send(piece: OutputPiece): void;
  /** Set once: what to call whenever there may be room again after there was none. */
  whenRoom(call: () => void): void;
}

/** Something with output to send: a run. */
export interface OutputSource {
  /** Its next piece; undefined when it has none, and then it asks for its turn again when it has. */
  nextPiece(): OutputPiece | undefined;
}

/**
 * Lets the runs send in turns, a piece each, as fast as the sink takes it. While the sink is full everything stays where
 * it is, so that a run that prints much delays the others by its turns only.
 */
export class OutputTurns {
  /** In the order of their turns. */
  private readonly waiting = new Set<OutputSource>();

  constructor(private readonly sink: OutputSink) {
    sink.whenRoom(() => this.go());
  }

  /** The source has something to send: now, or when its turn comes. Repeating it is safe. */
  ask(source: OutputSource): void {
    this.waiting.add(source);
    this.go();
  }

  private go(): void {
    while (this.sink.canTake()) {
      const [first] = this.waiting;
      if (!first) return;
      this.waiting.delete(first);
      const piece = first.nextPiece();
      if (!piece) continue;
      this.sink.send(piece);
      this.waiting.add(first);
    }
  }
}
